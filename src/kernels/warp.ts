import wgsl from "../../shaders/warp.wgsl?raw";
import { ShapeError } from "../errors";
import { type Shape, show } from "../tensor";
import type { Kernel } from "./kernel";
import { RGBA8, VECTOR } from "./layout";
import { pixelwise } from "./pixelwise";

export interface Warp {
  readonly x: Shape;
  /** (n, 6): rows [a, b, c, d, e, f]; output (ox, oy) lies at x = a ox + b oy + c, y = d ox + e oy + f. */
  readonly transforms: Shape;
  /** Height and width of y. */
  readonly size: { readonly h: number; readonly w: number };
  /** What lies around x: x mirrored at its outermost pixels, or grey of this level from 0 to 255. */
  readonly outside: "mirror" | number;
}

/** Samples along a side of an output pixel, at most; equals the shader's MOST_SAMPLES. */
const MOST_SAMPLES = 16;

/**
 * warp: pixels seen through affine transforms; bilinear, and where that shrinks the mean over the area
 * of k x k bilinear samples, k = ⌈scale⌉ up to 16. Planes for a network: rgba8_to_planes after it.
 *
 * Shapes    x (1, 4, hIn, wIn), transforms (n, 6) → y (n, 4, h, w) of 0..255, opaque
 * Units     pixels, centres at whole numbers; what is transparent is seen over white
 * Errors    ShapeError for other shapes, a size that is not whole, a level outside 0..255
 * Cost      4 k² loads per output pixel
 * Accuracy  one level where the exact value lies between two
 * Source    OpenCV warpAffine, with the area mean that it lacks; np.pad "reflect" as FFHQ's alignment
 */
export const warp: Kernel<Warp> = {
  name: "warp",
  wgsl,
  bindings: ["params", "x", "transforms", "y"],

  outputShape({ x, transforms, size: { h, w }, outside }) {
    if (x.length !== 4 || x[0] !== 1 || x[1] !== 4 || !(x[2] >= 1 && x[3] >= 1)) {
      throw new ShapeError(`warp: x ${show(x)} must be (1, 4, h, w), the pixels of one picture`);
    }
    if (transforms.length !== 2 || transforms[1] !== 6) {
      throw new ShapeError(`warp: transforms ${show(transforms)} must be (n, 6)`);
    }
    if (!Number.isInteger(h) || !Number.isInteger(w) || h < 1 || w < 1) {
      throw new ShapeError(`warp: the size ${h} x ${w} must be whole numbers from 1 on`);
    }
    if (outside !== "mirror" && !(Number.isInteger(outside) && outside >= 0 && outside <= 255)) {
      throw new ShapeError(`warp: outside ${outside} must be "mirror" or a level from 0 to 255`);
    }
    return [transforms[0], 4, h, w];
  },

  layouts: () => ({ x: RGBA8, transforms: VECTOR, y: RGBA8 }),

  plan: ({ x, transforms, size: { h, w }, outside }, band) =>
    pixelwise([transforms[0], 4, h, w], 1, band, {
      h_in: x[2],
      w_in: x[3],
      h,
      w,
      mirror: Number(outside === "mirror"),
      outside: outside === "mirror" ? 0 : outside,
    }),

  reference({ x: [, , hIn, wIn], transforms: [n], size: { h, w }, outside }, { x, transforms }) {
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
  },
};

/** Index within 0..size - 1, mirrored at the outermost pixels, which are not repeated. */
function mirrored(i: number, size: number): number {
  const last = Math.max(1, size - 1);
  const at = ((i % (2 * last)) + 2 * last) % (2 * last);
  return Math.min(at > last ? 2 * last - at : at, size - 1);
}
