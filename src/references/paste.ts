import { MASK_INNER, MOST_SAMPLES, type Paste } from "../kernels/paste";
import { luminance } from "./luminance";
import type { Reference } from "./reference";

/** The plain twin of shaders/paste.wgsl; its contract is that of kernels/paste.ts. */
export const pasteReference: Reference<Paste> = (
  { x: [, , h, w], faces: [m] },
  { x, pixels, faces, blend: [strength, keepColour] },
) => {
  const y = x.slice();
  for (let i = 0; i < h * w; i++) {
    const [px, py] = [i % w, Math.floor(i / w)];
    let [mask, winner] = [0, faces];
    for (let j = 0; j < m; j++) {
      const face = faces.subarray(16 * j, 16 * j + 16);
      const own = face[13] * maskAt(face, px, py);
      if (own > mask) [mask, winner] = [own, face];
    }
    if (mask === 0) continue;
    const before = [0, 1, 2].map((c) => x[c * h * w + i] / 255);
    const after = faceAt(winner, pixels, px, py);
    const shift = luminance(after) - luminance(before);
    const opaque = x[3 * h * w + i] / 255;
    for (let c = 0; c < 3; c++) {
      const face = after[c] + keepColour * (before[c] + shift - after[c]);
      const v = before[c] + strength * mask * opaque * (face - before[c]);
      y[c * h * w + i] = Math.floor(Math.min(1, Math.max(0, v)) * 255 + 0.5);
    }
  }
  return y;
};

function position([a, b, c, d, e, f]: Float32Array, px: number, py: number) {
  return [a * px + b * py + c, d * px + e * py + f];
}

function maskAt(face: Float32Array, px: number, py: number): number {
  const [u, v] = position(face, px, py);
  const radius = Math.hypot((u - face[9]) * face[11], (v - face[10]) * face[12]);
  const t = Math.min(1, Math.max(0, (radius - MASK_INNER) / (1 - MASK_INNER)));
  return 1 - t * t * (3 - 2 * t);
}

function faceAt(face: Float32Array, pixels: Float32Array, px: number, py: number): number[] {
  const [a, b, , d, e, , width, height, first] = face;
  const scale = Math.sqrt(Math.abs(a * e - b * d));
  const k = Math.min(MOST_SAMPLES, Math.max(1, Math.ceil(scale - 1e-3)));
  const clamped = (at: number, size: number) => Math.min(Math.max(at, 0), size - 1);
  const sum = [0, 0, 0];
  for (let s = 0; s < k * k; s++) {
    const sub = [(s % k) + 0.5, Math.floor(s / k) + 0.5].map((at) => at / k - 0.5);
    const [u, v] = position(face, px + sub[0], py + sub[1]);
    const [cu, cv] = [clamped(u, width), clamped(v, height)];
    const [iu, iv] = [Math.floor(cu), Math.floor(cv)];
    for (let c = 0; c < 3; c++) {
      const at = (j: number, i: number) =>
        pixels[(c * pixels.length) / 4 + first + clamped(j, height) * width + clamped(i, width)];
      const row = (j: number) => at(j, iu) + (cu - iu) * (at(j, iu + 1) - at(j, iu));
      sum[c] += (row(iv) + (cv - iv) * (row(iv + 1) - row(iv))) / 255 / (k * k);
    }
  }
  return sum;
}
