import wgsl from "../../shaders/depthwise_conv.wgsl?raw";
import type { Shape } from "../tensor";
import { samePad } from "./conv_same";
import { ceilDiv, type Kernel, quads, WORKGROUP } from "./kernel";
import { IMAGE, VECTOR } from "./layout";
import { sizesOf } from "./sizes";

export interface DepthwiseConv {
  readonly x: Shape;
  readonly w: Shape;
  readonly b?: Shape;
  readonly stride: number;
  /** The ReLU of x, as it is loaded. */
  readonly relu: boolean;
}

/**
 * depthwise_conv: y = conv(act(x), w) + b, channel by channel, padded so that y has ⌈side / stride⌉
 * pixels a side. With taps of 1 / k² and k = stride = side it is the mean.
 *
 * Shapes    x (n, c, hIn, wIn), w (1, c, k, k), b (c) → y (n, c, h, w)
 * Units     of an odd padding the larger half comes last
 * Errors    ShapeError if channels do not agree
 * Cost      2 k² FLOP per output number; bound by memory
 * Accuracy  f32 sums of k² products: compared at 1e-5
 * Source    TensorFlow Lite DEPTHWISE_CONV_2D, SAME
 */
export const depthwiseConv: Kernel<DepthwiseConv> = {
  name: "depthwise_conv",
  wgsl,
  bindings: ["params", "x", "w", "b", "y"],

  outputShape(args) {
    const { stride } = args;
    const { n, c, h, w } = sizesOf("depthwise_conv", args, { x: "n c h w", w: "1 c k k", b: "c" });
    return [n, c, ceilDiv(h, stride), ceilDiv(w, stride)];
  },

  // The taps of a channel lie beside one another as pixels do.
  layouts: () => ({ x: IMAGE, w: IMAGE, b: VECTOR, y: IMAGE }),

  plan(args, { n, count, row, rows, base }) {
    const [, c, h, w] = depthwiseConv.outputShape(args);
    const [, , hIn, wIn] = args.x;
    const k = args.w[2];
    const threads = w * rows;
    return {
      params: {
        threads,
        n_first: n,
        row_first: row,
        c_quads: quads(c),
        h_in: hIn,
        w_in: wIn,
        h,
        w,
        k,
        stride: args.stride,
        pad_y: samePad(hIn, k, args.stride),
        pad_x: samePad(wIn, k, args.stride),
        biased: Number(args.b !== undefined),
        relu: Number(args.relu),
        y_base: base.y,
      },
      workgroups: [ceilDiv(threads, WORKGROUP), quads(c), count],
    };
  },

  macs(args) {
    const [n, c, h, w] = depthwiseConv.outputShape(args);
    return n * c * h * w * args.w[2] ** 2;
  },
};
