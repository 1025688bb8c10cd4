import type { Checkpoint } from "./checkpoint";
import type { NoiseMode } from "./config";
import { checkpointReader } from "./gpen";
import { inferConfig } from "./infer_config";
import type { StoredNetwork } from "./open_network";

/** A network by the names and shapes of its tensors. Throws what inferConfig and checkpointReader do. */
export async function lookInto(checkpoint: Checkpoint, noise?: NoiseMode): Promise<StoredNetwork> {
  const { kind, config } = inferConfig(checkpoint, { noise });
  return { kind, config, read: await checkpointReader(checkpoint, kind, config) };
}
