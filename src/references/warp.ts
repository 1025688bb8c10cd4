import { MOST_SAMPLES, type Warp } from "../kernels/warp";
import type { Reference } from "./reference";

/** The plain twin of shaders/warp.wgsl; its contract is that of kernels/warp.ts. */
export const warpReference: Reference<Warp> = (
  { x: [, , hIn, wIn], transforms: [n], size: { h, w }, outside },
  { x, transforms },
) => {
  const y = new Float32Array(n * 4 * h * w).fill(255);
  const pixel = (c: number, ix: number, iy: number) => {
    const within = ix >= 0 && iy >= 0 && ix < wIn && iy < hIn;
    if (!within && outside !== "mirror") return outside / 255;
    const at = mirrored(iy, hIn) * wIn + mirrored(ix, wIn);
    return 1 + (x[3 * hIn * wIn + at] / 255) * (x[c * hIn * wIn + at] / 255 - 1);
  };
  const bilinear = (c: number, px: number, py: number) => {
    const [ix, iy] = [Math.floor(px), Math.floor(py)];
    const row = (j: number) =>
      pixel(c, ix, j) + (px - ix) * (pixel(c, ix + 1, j) - pixel(c, ix, j));
    return row(iy) + (py - iy) * (row(iy + 1) - row(iy));
  };
  for (let i = 0; i < n * h * w; i++) {
    const sample = Math.floor(i / (h * w));
    const [a, b, cx, d, e, cy] = transforms.subarray(6 * sample, 6 * sample + 6);
    const scale = Math.sqrt(Math.abs(a * e - b * d));
    const k = Math.min(MOST_SAMPLES, Math.max(1, Math.ceil(scale - 1e-3)));
    for (let c = 0; c < 3; c++) {
      let sum = 0;
      for (let s = 0; s < k * k; s++) {
        const ox = (i % w) + ((s % k) + 0.5) / k - 0.5;
        const oy = (Math.floor(i / w) % h) + (Math.floor(s / k) + 0.5) / k - 0.5;
        sum += bilinear(c, a * ox + b * oy + cx, d * ox + e * oy + cy);
      }
      y[(sample * 4 + c) * h * w + (i % (h * w))] = Math.floor((sum / (k * k)) * 255 + 0.5);
    }
  }
  return y;
};

/** Index within 0..size - 1, mirrored at the outermost pixels, which are not repeated. */
function mirrored(i: number, size: number): number {
  const last = Math.max(1, size - 1);
  const at = ((i % (2 * last)) + 2 * last) % (2 * last);
  return Math.min(at > last ? 2 * last - at : at, size - 1);
}
