import type { Executable } from "../gpu/prepare";
import * as USAGE from "../gpu/usage";
import { encodeSteps } from "../graph/run";

/** Steps [first, end) of a program that compute one thing. */
export interface Runner {
  readonly first: number;
  readonly end: number;
}

/** Dawn rounds timestamps to 0.1 ms and browsers to 65 µs: a batch this long is off by 4 %. */
const BATCH_MS = 2.5;
const MAX_REPEATS = 50;
const ROUNDS = 3;
/** Who needs this much longer than the fastest in the better of two runs does not run again. */
const HOPELESS = 2;

/**
 * Milliseconds of each runner: the median of three batches, which runners take turns in, so that a
 * clock that drifts drifts for all. Each must have run before. Stops early, with fewer batches, once
 * `late` says so.
 *
 * Units     GPU time where the adapter has timestamp-query, else from submit until done
 */
export async function race(
  executable: Executable,
  runners: readonly Runner[],
  late: () => boolean,
): Promise<number[]> {
  const once = runners.map((runner) => ({ runner, repeats: 1 }));
  const [one, two] = [await turn(executable, once), await turn(executable, once)];
  const first = one.map((ms, i) => Math.min(ms, two[i]));
  const fastest = Math.min(...first);
  const times = first.map((ms) => [ms]);
  const rivals = runners
    .map((runner, i) => ({ runner, i, repeats: repeatsFor(first[i]) }))
    .filter(({ i }) => first[i] <= HOPELESS * fastest + BATCH_MS / MAX_REPEATS);
  if (rivals.length < 2) return first;
  for (let round = 0; round < ROUNDS && !late(); round++) {
    const each = await turn(executable, rivals);
    for (const [at, { i, repeats }] of rivals.entries()) {
      if (round === 0) times[i] = []; // a single run is coarse
      times[i].push(each[at] / repeats);
    }
  }
  return times.map(median);
}

function repeatsFor(ms: number): number {
  return Math.min(MAX_REPEATS, Math.max(1, Math.ceil(BATCH_MS / Math.max(ms, 1e-3))));
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

interface Batch {
  readonly runner: Runner;
  readonly repeats: number;
}

/** Milliseconds of one batch of each. */
async function turn(executable: Executable, batches: readonly Batch[]): Promise<number[]> {
  if (executable.gpu.timestamps) return stamped(executable, batches);
  const { queue } = executable.gpu.device;
  const times: number[] = [];
  for (const batch of batches) {
    const encoder = executable.gpu.device.createCommandEncoder({ label: "batch" });
    encode(executable, encoder, batch);
    const start = performance.now();
    queue.submit([encoder.finish()]);
    await queue.onSubmittedWorkDone();
    times.push(performance.now() - start);
  }
  return times;
}

async function stamped(executable: Executable, batches: readonly Batch[]): Promise<number[]> {
  const { device } = executable.gpu;
  const count = 2 * batches.length;
  const querySet = device.createQuerySet({ type: "timestamp", count });
  const resolved = device.createBuffer({
    size: 8 * count,
    usage: USAGE.queryResolve | USAGE.copySrc,
  });
  const staging = device.createBuffer({ size: 8 * count, usage: USAGE.mapRead | USAGE.copyDst });
  try {
    const encoder = device.createCommandEncoder({ label: "batches" });
    for (const [i, batch] of batches.entries()) {
      encode(executable, encoder, batch, { querySet, at: 2 * i });
    }
    encoder.resolveQuerySet(querySet, 0, count, resolved, 0);
    encoder.copyBufferToBuffer(resolved, 0, staging, 0, 8 * count);
    device.queue.submit([encoder.finish()]);
    await staging.mapAsync(USAGE.MAP_READ);
    const stamps = new BigUint64Array(staging.getMappedRange().slice(0));
    return batches.map((_, i) => Number(stamps[2 * i + 1] - stamps[2 * i]) / 1e6);
  } finally {
    for (const resource of [querySet, resolved, staging]) resource.destroy();
  }
}

function encode(
  executable: Executable,
  encoder: GPUCommandEncoder,
  { runner, repeats }: Batch,
  stamps?: { readonly querySet: GPUQuerySet; readonly at: number },
): void {
  for (let i = 0; i < repeats; i++) {
    const begin = stamps && i === 0 ? { beginningOfPassWriteIndex: stamps.at } : {};
    const end = stamps && i === repeats - 1 ? { endOfPassWriteIndex: stamps.at + 1 } : {};
    const writes = { ...begin, ...end };
    const timed = stamps && Object.keys(writes).length > 0;
    encodeSteps(
      executable,
      encoder,
      runner.first,
      runner.end,
      timed ? { querySet: stamps.querySet, ...writes } : undefined,
    );
  }
}
