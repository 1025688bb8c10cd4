import { GpuError } from "../errors";
import type { Gpu } from "./open";

/** A device that is lost every time is not to be tried for ever. */
const MOST_LOSSES = 3;

/**
 * Runs `work` and, if the device is lost meanwhile, again on another one.
 *
 * Errors    what `work` throws on a device that lasts; GpuError in one sentence where the device
 *           cannot be replaced (gpu.recover), or was lost for the fourth time
 */
export async function recovering<Result>(gpu: Gpu, work: () => Promise<Result>): Promise<Result> {
  given(gpu);
  for (let losses = 0; ; losses++) {
    const { generation } = gpu;
    try {
      gpu.check();
      return await work();
    } catch (error) {
      const replaced = () => gpu.generation !== generation;
      const lost = replaced() || (mayBeLoss(error) && (await gpu.wasLost()));
      // Another call may have recovered it while this one waited for the news.
      if ((!lost && !replaced()) || losses === MOST_LOSSES) throw error;
      if (!replaced()) await gpu.recover();
    }
  }
}

/** Throws GpuError if this is none: that of a model that was not awaited is undefined. */
export function given(gpu: Gpu): void {
  if (!gpu?.check) throw new GpuError(`gpu: got ${gpu}; await openGpu() and loadGpen()`);
}

/** Mistakes in arguments and files, and what callers abort with, need no look at the device. */
function mayBeLoss(error: unknown): boolean {
  const { name = "" } = error as Partial<Error>;
  return ["GpuError", "GPUPipelineError", "OperationError"].includes(name);
}
