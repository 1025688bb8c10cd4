import { GpuError } from "../errors";
import type { Executable } from "../gpu/prepare";
import * as USAGE from "../gpu/usage";
import { encodeSteps } from "./run";

export interface StepTime {
  readonly label: string;
  readonly kernel: string;
  readonly gpuMs: number;
}

/** Time of every step on the GPU, one pass each. Throws GpuError where the adapter cannot tell. */
export async function profile(executable: Executable): Promise<StepTime[]> {
  const { gpu, program } = executable;
  if (!gpu.timestamps) {
    throw new GpuError(`profile: ${gpu.name} has no timestamp-query; time whole runs instead`);
  }
  const count = program.steps.length;
  const times: StepTime[] = [];
  // A query set holds at most 4096 timestamps (specification, section 20.4).
  for (let first = 0; first < count; first += 2048) {
    const last = Math.min(count, first + 2048);
    const stamps = await timed(executable, first, last);
    for (let i = first; i < last; i++) {
      const [start, end] = [stamps[2 * (i - first)], stamps[2 * (i - first) + 1]];
      const { label, kernel } = program.steps[i];
      times.push({ label, kernel: kernel.name, gpuMs: Number(end - start) / 1e6 });
    }
  }
  return times;
}

async function timed(executable: Executable, first: number, end: number): Promise<BigUint64Array> {
  const count = 2 * (end - first);
  const { device } = executable.gpu;
  const querySet = device.createQuerySet({ type: "timestamp", count });
  const resolved = device.createBuffer({
    size: 8 * count,
    usage: USAGE.queryResolve | USAGE.copySrc,
  });
  const staging = device.createBuffer({ size: 8 * count, usage: USAGE.mapRead | USAGE.copyDst });
  const encoder = device.createCommandEncoder({ label: "profile" });
  for (let i = first; i < end; i++) {
    const at = 2 * (i - first);
    encodeSteps(executable, encoder, i, i + 1, {
      querySet,
      beginningOfPassWriteIndex: at,
      endOfPassWriteIndex: at + 1,
    });
  }
  encoder.resolveQuerySet(querySet, 0, count, resolved, 0);
  encoder.copyBufferToBuffer(resolved, 0, staging, 0, 8 * count);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(USAGE.MAP_READ);
  const stamps = new BigUint64Array(staging.getMappedRange().slice(0));
  for (const resource of [querySet, resolved, staging]) resource.destroy();
  return stamps;
}
