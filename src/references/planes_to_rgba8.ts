import type { PlanesToRgba8 } from "../kernels/planes_to_rgba8";
import { luminance } from "./luminance";
import type { Reference } from "./reference";

/** The plain twin of shaders/planes_to_rgba8.wgsl; its contract is that of kernels/planes_to_rgba8.ts. */
export const planesToRgba8Reference: Reference<PlanesToRgba8> = (
  { x: [n, , h, w], normalise },
  { x, photo, blend },
) => {
  const [strength, keepLuminance] = blend;
  const unit = (v: number) => Math.min(1, Math.max(0, normalise ? v * 0.5 + 0.5 : v));
  const y = new Float32Array(n * 4 * h * w).fill(255);
  for (let i = 0; i < n * h * w; i++) {
    const sample = Math.floor(i / (h * w));
    const at = (channel: number) => (sample * 3 + channel) * h * w + (i % (h * w));
    const before = [0, 1, 2].map((c) => unit(photo[at(c)]));
    const after = [0, 1, 2].map((c) => unit(x[at(c)]));
    const shift = keepLuminance * (luminance(before) - luminance(after));
    for (let c = 0; c < 3; c++) {
      const v = before[c] + strength * (after[c] + shift - before[c]);
      y[at(c) + sample * h * w] = Math.floor(Math.min(1, Math.max(0, v)) * 255 + 0.5);
    }
  }
  return y;
};
