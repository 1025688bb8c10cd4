import wgsl from "../../shaders/conv_same.wgsl?raw";
import { ShapeError } from "../errors";
import { type Shape, show } from "../tensor";
import { ceilDiv, type Kernel, quads, WORKGROUP } from "./kernel";
import { convWeights, IMAGE, VECTOR } from "./layout";
import { sizesOf } from "./sizes";

/** Pixels and output quads of a thread: 8 sums, for which it loads 4 pixels and 8 vectors of weights. */
const RUN = 4;
const QUADS = 2;

export interface ConvSame {
  readonly x: Shape;
  readonly w: Shape;
  readonly b: Shape;
  /** Added before the ReLU: at most cOut channels, of y's side or of twice that. */
  readonly skip?: Shape;
  readonly stride: 1 | 2;
  readonly relu: boolean;
}

/**
 * conv_same: y = relu(conv(x, w) + b + skip), padded so that y has ⌈side / stride⌉ pixels a side.
 *
 * Shapes    x (n, cIn, hIn, wIn), w (cOut, cIn, k, k), b (cOut), skip (n, cSkip, h, w), or of twice the
 *           side: then the maximum of each 2x2 → y (n, cOut, h, w)
 * Units     channels that the skip lacks are 0 in it; of an odd padding the larger half comes last
 * Errors    ShapeError if channels do not agree or the skip is of another size
 * Cost      2 cIn k² FLOP per output number
 * Accuracy  f32 sums of cIn k² products: compared at 1e-5
 * Source    TensorFlow Lite CONV_2D, SAME; BlazeFace (arXiv 1907.05047), figure 1
 */
export const convSame: Kernel<ConvSame> = {
  name: "conv_same",
  wgsl,
  bindings: ["params", "x", "w", "b", "skip", "y"],

  outputShape(args) {
    const { x, skip, stride } = args;
    const { cOut } = sizesOf("conv_same", args, { x: "n cIn h w", w: "cOut cIn k k", b: "cOut" });
    const y = [x[0], cOut, ceilDiv(x[2], stride), ceilDiv(x[3], stride)];
    if (skip && !fits(skip, y)) {
      throw new ShapeError(
        `conv_same: skip ${show(skip)} must have up to ${cOut} channels and the side of y ${show(y)}, or twice that`,
      );
    }
    return y;
  },

  layouts: ({ x }) => ({ x: IMAGE, w: convWeights([x[1]]), b: VECTOR, skip: IMAGE, y: IMAGE }),

  plan(args, { n, count, row, rows, base }) {
    const [, cOut, h, w] = convSame.outputShape(args);
    const [, cIn, hIn, wIn] = args.x;
    const { skip, stride } = args;
    const k = args.w[2];
    const wBlocks = ceilDiv(w, RUN);
    const threads = wBlocks * rows;
    return {
      params: {
        threads,
        n_first: n,
        row_first: row,
        w_blocks: wBlocks,
        c_out_quads: quads(cOut),
        c_in_quads: quads(cIn),
        c_skip_quads: quads(skip?.[1] ?? 0),
        skip_scale: (skip?.[2] ?? h) / h,
        h_in: hIn,
        w_in: wIn,
        h,
        w,
        k,
        stride,
        pad_y: samePad(hIn, k, stride),
        pad_x: samePad(wIn, k, stride),
        relu: Number(args.relu),
        y_base: base.y,
      },
      prelude: { RUN, QUADS },
      workgroups: [ceilDiv(threads, WORKGROUP), ceilDiv(quads(cOut), QUADS), count],
    };
  },

  macs(args) {
    const [n, cOut, h, w] = convSame.outputShape(args);
    return n * cOut * h * w * args.w[1] * args.w[2] ** 2;
  },
};

function fits([n, c, h, w]: Shape, y: Shape): boolean {
  const scale = h / y[2];
  return n === y[0] && c <= y[1] && (scale === 1 || scale === 2) && w === scale * y[3];
}

/** Zeros before the first pixel, where outputs are ⌈size / stride⌉; TensorFlow puts the odd one last. */
export function samePad(size: number, k: number, stride: number): number {
  return Math.floor(Math.max((ceilDiv(size, stride) - 1) * stride + k - size, 0) / 2);
}
