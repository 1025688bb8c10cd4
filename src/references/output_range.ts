import type { OutputRange } from "../kernels/output_range";
import type { Reference } from "./reference";

/** The plain twin of shaders/output_range.wgsl; its contract is that of kernels/output_range.ts. */
export const outputRangeReference: Reference<OutputRange> = ({ x: [n, , h, w] }, { x }) => {
  const y = new Float32Array(4 * n);
  for (let i = 0; i < n; i++) {
    let [low, high, bad] = [3e38, -3e38, 0];
    for (const v of x.subarray(i * 3 * h * w, (i + 1) * 3 * h * w)) {
      if (!Number.isFinite(v)) bad++;
      else [low, high] = [Math.min(low, v), Math.max(high, v)];
    }
    y.set([low, high, bad, 0], 4 * i);
  }
  return y;
};
