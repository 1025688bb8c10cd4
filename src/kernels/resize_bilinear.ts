import wgsl from "../../shaders/resize_bilinear.wgsl?raw";
import { ShapeError } from "../errors";
import { type Shape, show } from "../tensor";
import { type Kernel, quads } from "./kernel";
import { IMAGE } from "./layout";
import { pixelwise } from "./pixelwise";
import { sizesOf } from "./sizes";

export interface ResizeBilinear {
  readonly x: Shape;
  /** Height and width of y. */
  readonly size: { readonly h: number; readonly w: number };
}

/**
 * resize_bilinear: x at another size; half-pixel centres, edges clamped, no antialiasing.
 *
 * Shapes    x (n, c, hIn, wIn) → y (n, c, h, w)
 * Errors    ShapeError if x is not an image or a side of y is not a whole number of pixels
 * Cost      4 loads per number; bound by memory
 * Accuracy  source positions in f32: compared at 1e-5 for sides up to 512
 * Source    PyTorch interpolate(mode="bilinear", align_corners=False)
 */
export const resizeBilinear: Kernel<ResizeBilinear> = {
  name: "resize_bilinear",
  wgsl,
  bindings: ["params", "x", "y"],

  outputShape(args) {
    const { h, w } = args.size;
    const { n, c, hIn, wIn } = sizesOf("resize_bilinear", args, { x: "n c hIn wIn" });
    if (![hIn, wIn, h, w].every((side) => Number.isInteger(side) && side > 0)) {
      throw new ShapeError(
        `resize_bilinear: x ${show(args.x)} and the size ${h} x ${w} must be whole numbers from 1 on`,
      );
    }
    return [n, c, h, w];
  },

  layouts: () => ({ x: IMAGE, y: IMAGE }),

  plan: ({ x, size: { h, w } }, band) =>
    pixelwise([x[0], x[1], h, w], quads(x[1]), band, {
      c_quads: quads(x[1]),
      h_in: x[2],
      w_in: x[3],
      h,
      w,
    }),

  inputRows: ({ x, size: { h } }, _, [first, end]) => [
    // One row of slack on both sides: the shader's positions are rounded to f32.
    Math.max(0, Math.floor(position(first, x[2], h)) - 1),
    Math.min(x[2], Math.floor(position(end - 1, x[2], h)) + 3),
  ],
};

/** Where output pixel o's centre lies in the input, in pixels; not before the first centre. */
export function position(o: number, sizeIn: number, size: number): number {
  return Math.max(0, (o + 0.5) * (sizeIn / size) - 0.5);
}
