/** A moment when nothing runs, after everything in use was used once. */
export interface Sample {
  /** Calls of restore() so far, completed ones. */
  readonly restores: number;
  readonly seconds: number;
  /** Buffers, textures and query sets that are not destroyed. */
  readonly gpuBytes: number;
  readonly gpuObjects: number;
  readonly devices: number;
  /** The page's JavaScript and DOM objects after forced collection, and the memory of its arrays. */
  readonly heapBytes: number;
}

/** The first 5 % of the restores may fill caches. */
const WARM_UP = 0.05;
/**
 * A quarter of the pixels of one 32 px picture. Engines compile and keep statistics of what runs
 * often: 0.2 MB in 1000 restores, 0.4 MB in 100 loads, after which there is no more of it.
 */
export const MOST_BYTES_PER_RESTORE = 1024;
const HEAP_SLACK_BYTES = 1e6;
const HEAP_SLACK = 0.05;

/** One sentence for everything that is not level after the warm-up; none if all is. */
export function unlevel(samples: readonly Sample[]): string[] {
  const warm = warmedUp(samples);
  const faults: string[] = [];
  if (warm.length < 3)
    return ["soak: there are fewer than 3 samples after the warm-up; run longer"];
  const [first, last] = [warm[0], warm.at(-1)!];
  for (const key of ["gpuBytes", "gpuObjects", "devices"] as const) {
    const other = warm.find((sample) => sample[key] !== first[key]);
    if (!other) continue;
    faults.push(
      `soak: ${key} ${other[key]} after ${other.restores} restores must be ${first[key]}, as after ${first.restores}`,
    );
  }
  const slope = heapSlope(warm);
  if (!(slope <= MOST_BYTES_PER_RESTORE)) {
    faults.push(
      `soak: the heap grows by ${slope.toFixed(0)} bytes per restore, which must be at most ${MOST_BYTES_PER_RESTORE}`,
    );
  }
  const most = first.heapBytes + Math.max(HEAP_SLACK * first.heapBytes, HEAP_SLACK_BYTES);
  if (!(last.heapBytes <= most)) {
    faults.push(
      `soak: the heap has ${last.heapBytes} bytes at the end, which must be at most ${most.toFixed(0)} after ${first.heapBytes} at first`,
    );
  }
  return faults;
}

export function warmedUp(samples: readonly Sample[]): Sample[] {
  const total = samples.at(-1)?.restores ?? 0;
  return samples.filter(({ restores }) => restores >= WARM_UP * total);
}

/** Bytes per restore, by least squares. */
export function heapSlope(samples: readonly Sample[]): number {
  const mean = (of: (sample: Sample) => number) =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const [x, y] = [mean(({ restores }) => restores), mean(({ heapBytes }) => heapBytes)];
  const covariance = mean((sample) => (sample.restores - x) * (sample.heapBytes - y));
  return covariance / mean(({ restores }) => (restores - x) ** 2);
}
