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
export const MOST_SAMPLES = 16;

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
};
