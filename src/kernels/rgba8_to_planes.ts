import wgsl from "../../shaders/rgba8_to_planes.wgsl?raw";
import { ShapeError } from "../errors";
import { type Shape, show } from "../tensor";
import type { Kernel } from "./kernel";
import { IMAGE, RGBA8 } from "./layout";
import { pixelwise } from "./pixelwise";
import { sizesOf } from "./sizes";

export interface Rgba8ToPlanes {
  readonly x: Shape;
  /** Height and width of y. */
  readonly size: { readonly h: number; readonly w: number };
  /** To [-1, 1] as GPEN's models take it, or to [0, 1] (seg2face). */
  readonly normalise: boolean;
  /** Luminance in all three channels, as the colorization model takes it. */
  readonly grey: boolean;
}

/**
 * rgba8_to_planes: y = rgb / 127.5 - 1, or rgb / 255, or its luminance, at another size: bilinear, with
 * half-pixel centres and edges clamped, no antialiasing. Alpha is left out. A photo of 12 megapixels
 * takes 48 MB so; as planes of its own size it would take 192 MB more.
 *
 * Shapes    x (n, 4, hIn, wIn) of 0..255 → y (n, 3, h, w)
 * Errors    ShapeError if x does not have 4 channels, or a side is not a whole number of pixels
 * Cost      4 loads per pixel of y; bound by memory
 * Accuracy  source positions in f32: compared at 1e-5 for sides up to 512
 * Source    GPEN face_model/face_gan.py, img2tensor; face_colorization.py; PyTorch
 *           interpolate(mode="bilinear", align_corners=False)
 */
export const rgba8ToPlanes: Kernel<Rgba8ToPlanes> = {
  name: "rgba8_to_planes",
  wgsl,
  bindings: ["params", "x", "y"],

  outputShape(args) {
    const { h, w } = args.size;
    const { n, hIn, wIn } = sizesOf("rgba8_to_planes", args, { x: "n 4 hIn wIn" });
    if (![hIn, wIn, h, w].every((side) => Number.isInteger(side) && side > 0)) {
      throw new ShapeError(
        `rgba8_to_planes: x ${show(args.x)} and the size ${h} x ${w} must be whole numbers from 1 on`,
      );
    }
    return [n, 3, h, w];
  },

  layouts: () => ({ x: RGBA8, y: IMAGE }),

  plan: ({ x, size: { h, w }, normalise, grey }, band) =>
    pixelwise([x[0], 3, h, w], 1, band, {
      h_in: x[2],
      w_in: x[3],
      h,
      w,
      normalise: Number(normalise),
      grey: Number(grey),
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
