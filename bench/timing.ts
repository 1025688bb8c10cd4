import type { Gpu } from "../src/gpu/open";
import type { Executable } from "../src/gpu/prepare";
import * as USAGE from "../src/gpu/usage";
import { encodeSteps } from "../src/graph/run";
import type { Spread } from "./result";
import { median, scaled, spreadOf } from "./spread";

/** Shorter batches would measure the clock: Dawn rounds timestamps to 0.1 ms. */
const BATCH_MS = 5;
const SAMPLES = 7;
/** From this length on a batch is repeated three times only. */
const LONG_MS = 400;
/** Enough for kernels of a microsecond; more would fill the command buffer for nothing. */
const MAX_REPEATS = 5000;

/**
 * Milliseconds of one run of all steps of a program, from batches of at least 5 ms.
 *
 * Units     GPU time where the adapter has timestamp-query, else from submit until done less the
 *           same of an empty submit
 */
export async function timeProgram(executable: Executable): Promise<Spread> {
  const overhead = executable.gpu.timestamps ? 0 : await emptySubmitMs(executable.gpu);
  const batch = async (repeats: number) => {
    const ms = await batchMs(executable, repeats);
    return Math.max(ms - overhead, 1e-6);
  };
  await batch(1); // drivers compile at the first run
  let repeats = 1;
  let ms = await batch(1);
  while (ms < BATCH_MS && repeats < MAX_REPEATS) {
    // A first estimate of a short run is coarse, so that the count grows tenfold at most.
    const wanted = Math.ceil(1.2 * repeats * Math.min(10, BATCH_MS / ms));
    repeats = Math.min(MAX_REPEATS, Math.max(repeats + 1, wanted));
    ms = await batch(repeats);
  }
  const times = [ms];
  while (times.length < (ms > LONG_MS ? 3 : SAMPLES)) times.push(await batch(repeats));
  return scaled(spreadOf(times), 1 / repeats);
}

async function batchMs(executable: Executable, repeats: number): Promise<number> {
  if (executable.gpu.timestamps) return stampedMs(executable, repeats);
  const { device } = executable.gpu;
  const start = performance.now();
  device.queue.submit([encodeBatch(executable, repeats).finish()]);
  await device.queue.onSubmittedWorkDone();
  return performance.now() - start;
}

async function emptySubmitMs({ device }: Gpu): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < SAMPLES; i++) {
    const start = performance.now();
    device.queue.submit([device.createCommandEncoder().finish()]);
    await device.queue.onSubmittedWorkDone();
    times.push(performance.now() - start);
  }
  return median(times);
}

function encodeBatch(executable: Executable, repeats: number, querySet?: GPUQuerySet) {
  const encoder = executable.gpu.device.createCommandEncoder({ label: "batch" });
  const count = executable.program.steps.length;
  for (let i = 0; i < repeats; i++) {
    const first = querySet && i === 0 ? { beginningOfPassWriteIndex: 0 } : {};
    const last = querySet && i === repeats - 1 ? { endOfPassWriteIndex: 1 } : {};
    const writes = { ...first, ...last };
    const stamps = querySet && Object.keys(writes).length > 0 ? { querySet, ...writes } : undefined;
    encodeSteps(executable, encoder, 0, count, stamps);
  }
  return encoder;
}

async function stampedMs(executable: Executable, repeats: number): Promise<number> {
  const { device } = executable.gpu;
  const querySet = device.createQuerySet({ type: "timestamp", count: 2 });
  const resolved = device.createBuffer({ size: 16, usage: USAGE.queryResolve | USAGE.copySrc });
  const staging = device.createBuffer({ size: 16, usage: USAGE.mapRead | USAGE.copyDst });
  try {
    const encoder = encodeBatch(executable, repeats, querySet);
    encoder.resolveQuerySet(querySet, 0, 2, resolved, 0);
    encoder.copyBufferToBuffer(resolved, 0, staging, 0, 16);
    device.queue.submit([encoder.finish()]);
    await staging.mapAsync(USAGE.MAP_READ);
    const [start, end] = new BigUint64Array(staging.getMappedRange().slice(0));
    return Number(end - start) / 1e6;
  } finally {
    for (const resource of [querySet, resolved, staging]) resource.destroy();
  }
}
