import wgsl from "../../shaders/to_rgb.wgsl?raw";
import type { Shape } from "../tensor";
import { flat, type Kernel } from "./kernel";
import { convWeights, IMAGE, IMAGE_F32, VECTOR } from "./layout";
import {
  halves,
  inputChannels,
  type Modulated,
  modulatedParams,
  modulatedSizes,
} from "./modulation";

export interface ToRgb extends Modulated {
  readonly b: Shape;
  /** RGB of half the resolution, upsampled and added. */
  readonly skip?: Shape;
}

/**
 * to_rgb: y = conv1x1(concat(x, noise half) · s, w) + b + upsample(skip), without demodulation.
 *
 * Shapes    x (n, cX, h, w), e (n, cE, h, w), w (3, cX + cE, 1, 1), s (n, all styles), b (3),
 *           skip (n, 3, h/2, w/2) → y (n, 3, h, w)
 * Units     w, s and y are f32 in every precision: nothing cancels the style's scale here
 * Errors    ShapeError if the halves, weights, styles or the skip do not belong together
 * Cost      6 cIn FLOP and 4 (or 2) cIn bytes per pixel; bound by memory
 * Accuracy  f32 sums of cIn terms; compared at 1e-5
 * Source    GPEN face_model/gpen_model.py, ToRGB and Upsample
 */
export const toRgb: Kernel<ToRgb> = {
  name: "to_rgb",
  wgsl,
  bindings: ["params", "x", "e", "e_activation", "w", "s", "b", "skip", "y"],

  outputShape(args) {
    const { n, h, w } = modulatedSizes("to_rgb", args, {
      w: `3 ${inputChannels(args)} 1 1`,
      b: "3",
      skip: `n 3 ${args.x[2] / 2} ${args.x[3] / 2}`,
    });
    return [n, 3, h, w];
  },

  layouts: (args) => ({
    x: IMAGE,
    e: IMAGE,
    e_activation: VECTOR,
    w: convWeights(halves(args), false),
    s: VECTOR,
    b: VECTOR,
    skip: IMAGE_F32,
    y: IMAGE_F32,
  }),

  plan(args, { n, count, row, rows, base }) {
    const threads = args.x[3] * rows * count;
    return {
      params: {
        threads,
        n_first: n,
        row_first: row,
        rows,
        ...modulatedParams(args),
        skip_pixels: args.skip ? 4 : 0,
        x_base: base.x,
        e_base: base.e ?? 0,
        skip_base: base.skip ?? 0,
        y_base: base.y,
      },
      workgroups: flat(threads),
    };
  },

  inputRows: ({ skip }, name, [first, end]) =>
    name === "skip" && skip
      ? [Math.max(0, Math.floor(first / 2) - 1), Math.min(skip[2], Math.floor((end - 1) / 2) + 2)]
      : [first, end],

  macs: ({ s, x, w }) => s[0] * x[2] * x[3] * 3 * w[1],
};
