import { expect } from "vitest";

/** The largest difference of two arrays, and where it is; NaN counts as the largest. */
export interface Difference {
  readonly index: number;
  readonly got: number;
  readonly want: number;
  /** |got - want| over the largest |want|. */
  readonly relative: number;
}

export function largestDifference(got: ArrayLike<number>, want: ArrayLike<number>): Difference {
  let scale = 0;
  for (let i = 0; i < want.length; i++) scale = Math.max(scale, Math.abs(want[i]));
  let worst: Difference = { index: -1, got: 0, want: 0, relative: 0 };
  for (let i = 0; i < want.length; i++) {
    const relative = Math.abs(got[i] - want[i]) / scale;
    if (!(relative <= worst.relative)) worst = { index: i, got: got[i], want: want[i], relative };
    if (Number.isNaN(relative)) break;
  }
  return worst;
}

/** Fails unless |got - want| <= tolerance x max|want| everywhere; NaN and missing values fail. */
export function expectClose(
  got: ArrayLike<number>,
  want: ArrayLike<number>,
  tolerance: number,
  what: string,
): void {
  expect(got.length, `${what}: length`).toBe(want.length);
  const { index, got: g, want: w, relative } = largestDifference(got, want);
  if (!(relative <= tolerance)) {
    expect.fail(
      `${what}: differs most at ${index}: got ${g}, want ${w}, ${relative.toExponential(2)} of the largest value, allowed ${tolerance}`,
    );
  }
}
