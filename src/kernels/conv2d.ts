import { ShapeError } from "../errors";
import { type Shape, show } from "../tensor";
import { ceilDiv, filterRows, type Kernel, pixelsPerThread, quads, WORKGROUP } from "./kernel";
import { convWeights, IMAGE, VECTOR } from "./layout";
import { sizesOf } from "./sizes";

export interface Conv2d {
  readonly x: Shape;
  readonly w: Shape;
  readonly b?: Shape;
  readonly stride: 1 | 2;
  /** Zeros around x, on every side. */
  readonly pad: number;
  readonly activate: boolean;
}

/**
 * conv2d: y = act(conv(x, w) + b), with 1x1 or 3x3 taps.
 *
 * Shapes    x (n, cIn, hIn, wIn), w (cOut, cIn, k, k), b (cOut) → y (n, cOut, h, w);
 *           h = (hIn + 2 pad - k) / stride + 1
 * Units     the equalisation scale 1/√(cIn k²) is folded into w; √2 after the leaky ReLU
 * Errors    ShapeError if channels do not agree, k is not 1 or 3, or nothing is left of the image
 * Cost      2 cIn k² FLOP per output number; arithmetic bound from 32 channels on
 * Accuracy  f32 sums in order ky, kx, ic: relative error about 1e-7 √(cIn k²); compared at 1e-5
 * Source    GPEN face_model/gpen_model.py, EqualConv2d and FusedLeakyReLU
 */
export const conv2d: Kernel<Conv2d> = {
  name: "conv2d",
  wgsl: async () => (await import("../../shaders/conv2d.wgsl?raw")).default,
  bindings: ["params", "x", "w", "b", "y"],

  outputShape(args) {
    const { x, w, stride, pad } = args;
    const patterns = { x: "n cIn hIn wIn", w: "cOut cIn k k", b: "cOut" };
    const { n, cOut, hIn, wIn, k } = sizesOf("conv2d", args, patterns);
    if (k !== 1 && k !== 3) throw new ShapeError(`conv2d: w ${show(w)} must have 1x1 or 3x3 taps`);
    const side = (size: number) => Math.floor((size + 2 * pad - k) / stride) + 1;
    if (side(hIn) < 1 || side(wIn) < 1) {
      throw new ShapeError(
        `conv2d: x ${show(x)} with pad ${pad} is smaller than the ${k}x${k} taps`,
      );
    }
    return [n, cOut, side(hIn), side(wIn)];
  },

  layouts: ({ x }) => ({ x: IMAGE, w: convWeights([x[1]]), b: VECTOR, y: IMAGE }),

  plan(args, { n, count, row, rows, base }) {
    const [, cOut, h, w] = conv2d.outputShape(args);
    const [, cIn, hIn, wIn] = args.x;
    const run = pixelsPerThread(w);
    const wBlocks = ceilDiv(w, run);
    const threads = wBlocks * rows;
    return {
      params: {
        threads,
        n_first: n,
        row_first: row,
        w_blocks: wBlocks,
        c_out_quads: quads(cOut),
        c_in_quads: quads(cIn),
        h_in: hIn,
        w_in: wIn,
        h,
        w,
        pad: args.pad,
        x_base: base.x,
        y_base: base.y,
      },
      prelude: { K: args.w[2], STRIDE: args.stride, RUN: run },
      overrides: { BIAS: Number(args.b !== undefined), ACTIVATE: Number(args.activate) },
      workgroups: [ceilDiv(threads, WORKGROUP), quads(cOut), count],
    };
  },

  inputRows: ({ x, w, stride, pad }, _, rows) => filterRows(rows, w[2], stride, pad, x[2]),

  macs(args) {
    const [n, cOut, h, w] = conv2d.outputShape(args);
    return n * cOut * h * w * args.w[1] * args.w[2] ** 2;
  },
};
