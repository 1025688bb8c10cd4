import type { Gpu } from "../gpu/open";
import { gpen } from "../graph/gpen";
import type { Choose } from "../graph/lower";
import type { Precision } from "../kernels/layout";
import { tuneKept } from "../lowering/tune";
import type { GpenConfig } from "../weights/config";
import { inTurn } from "./in_turn";
import type { LoadOptions } from "./load";

/** What is fastest for this network on this adapter, measured or kept from another visit. */
export async function tunedChoice(
  gpu: Gpu,
  config: GpenConfig,
  precision: Precision,
  { tune, signal }: LoadOptions,
): Promise<Choose> {
  const limits = typeof tune === "object" ? tune : {};
  const { output } = gpen(config, 1);
  // Pictures that other models restore meanwhile would be measured too.
  const work = () => tuneKept(gpu, { output }, { precision, ...limits, signal });
  return (await inTurn(gpu, work, signal)).choose;
}
