import type { Spread } from "./result";

/** Median and range of a series; NaN where it is empty. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[0] ?? Number.NaN, sorted.at(-1) ?? Number.NaN];
  return { median: median(sorted), low, high, samples: sorted.length };
}

/** The middle value, or the mean of the two that are; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = sorted.length / 2;
  if (sorted.length === 0) return Number.NaN;
  return (sorted[Math.ceil(at - 1)] + sorted[Math.floor(at)]) / 2;
}

/** Multiplies times by a factor. */
export function scaled({ median, low, high, samples }: Spread, factor: number): Spread {
  return { median: median * factor, low: low * factor, high: high * factor, samples };
}
