import { WeightsError } from "../errors";
import type { Checkpoint } from "./checkpoint";
import type { NoiseMode } from "./config";
import { checkpointReader } from "./gpen";
import { inferConfig } from "./infer_config";
import type { StoredNetwork } from "./open_network";

/**
 * A network by the names and shapes of its tensors; a whole GPEN holds a prior, too. Throws what inferConfig
 * and checkpointReader do, and a WeightsError for a file that holds another network.
 */
export async function lookInto(
  checkpoint: Checkpoint,
  noise: NoiseMode | undefined,
  wanted: "gpen" | "prior",
): Promise<StoredNetwork> {
  const { kind, config } = inferConfig(checkpoint, { noise });
  if (kind !== "gpen" && kind !== wanted) {
    const fitting = wanted === "gpen" ? "whole GPEN" : "GPEN or a generator";
    throw new WeightsError(`weights: this file holds a ${kind} alone; pass a ${fitting}`);
  }
  return { config, read: await checkpointReader(checkpoint, kind, config) };
}
