import type { Shape } from "../tensor";

/** x (n, cIn, h, w) spread by w (cOut, cIn, 3, 3) over (n, cOut, 2 h + 1, 2 w + 1). */
export function transposedReference(
  shapes: { readonly x: Shape; readonly w: Shape },
  x: Float32Array,
  w: Float32Array,
): Float32Array {
  const [n, cIn, hIn, wIn] = shapes.x;
  const cOut = shapes.w[0];
  const [h, wOut] = [2 * hIn + 1, 2 * wIn + 1];
  const y = new Float32Array(n * cOut * h * wOut);
  for (let sample = 0; sample < n; sample++) {
    for (let oc = 0; oc < cOut; oc++) {
      for (let ic = 0; ic < cIn; ic++) {
        for (let iy = 0; iy < hIn; iy++) {
          for (let ix = 0; ix < wIn; ix++) {
            const v = x[((sample * cIn + ic) * hIn + iy) * wIn + ix];
            for (let tap = 0; tap < 9; tap++) {
              const oy = 2 * iy + Math.floor(tap / 3);
              const ox = 2 * ix + (tap % 3);
              y[((sample * cOut + oc) * h + oy) * wOut + ox] += v * w[(oc * cIn + ic) * 9 + tap];
            }
          }
        }
      }
    }
  }
  return y;
}
