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
      // Mistakes in arguments and files, and what callers abort with, need no look at the device.
      const mayBeLoss = /gpu|operation/i.test((error as Error)?.name);
      if (losses === MOST_LOSSES || !(mayBeLoss || gpu.generation !== generation)) throw error;
      const after = await import("./after_loss").catch(() => undefined); // offline: the error says it
      if (!(await after?.replaced(gpu, generation))) throw error;
    }
  }
}

/** Throws GpuError if this is none: that of a model that was not awaited is undefined. */
export function given(gpu: Gpu): void {
  if (!gpu?.check) throw new GpuError(`gpu: got ${gpu}; await openGpu() and loadGpen()`);
}
