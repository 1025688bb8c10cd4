import wgsl from "../../shaders/fir.wgsl?raw";
import { ShapeError } from "../errors";
import { type Shape, show } from "../tensor";
import { ceilDiv, filterRows, flat, type Kernel, quads } from "./kernel";
import { IMAGE, VECTOR } from "./layout";
import { sizesOf } from "./sizes";

const RUN = 4;

export interface Fir {
  readonly x: Shape;
  /** Bias per channel, followed by the scaled leaky ReLU; without it y is the filtered x. */
  readonly b?: Shape;
  /** Zeros above and left of x, and below and right. */
  readonly pad: { readonly before: number; readonly after: number };
  /** Keep every stride-th pixel. */
  readonly stride: 1 | 2;
  /** Sum of the filter's taps: 1 to blur, 4 after a transposed convolution of stride 2. */
  readonly gain: 1 | 4;
}

/**
 * fir: the [1, 3, 3, 1] ⊗ [1, 3, 3, 1] low-pass filter, then optionally bias and leaky ReLU · √2.
 *
 * Shapes    x (n, c, hIn, wIn), b (c) → y (n, c, h, w); h = (hIn + before + after - 4) / stride + 1
 * Errors    ShapeError if b does not hold one value per channel, or the padded x is under 4 pixels
 * Cost      14 loads and 22 FLOP per output number; bound by memory
 * Accuracy  16 terms: compared at 1e-6 relative to the largest input
 * Source    GPEN face_model/gpen_model.py, Blur; op/upfirdn2d.py
 */
export const fir: Kernel<Fir> = {
  name: "fir",
  wgsl,
  bindings: ["params", "x", "b", "y"],

  outputShape(args) {
    const { x, pad, stride } = args;
    const { n, c, hIn, wIn } = sizesOf("fir", args, { x: "n c hIn wIn", b: "c" });
    const side = (size: number) => Math.floor((size + pad.before + pad.after - 4) / stride) + 1;
    if (side(hIn) < 1 || side(wIn) < 1) {
      throw new ShapeError(
        `fir: x ${show(x)} padded by ${pad.before} and ${pad.after} must be at least 4 pixels wide`,
      );
    }
    return [n, c, side(hIn), side(wIn)];
  },

  layouts: () => ({ x: IMAGE, b: VECTOR, y: IMAGE }),

  plan(args, { n, count, row, rows, base }) {
    const [, c, h, w] = fir.outputShape(args);
    const rowBlocks = ceilDiv(rows, RUN);
    const threads = w * rowBlocks * quads(c) * count;
    return {
      params: {
        threads,
        n_first: n,
        row_first: row,
        rows,
        row_blocks: rowBlocks,
        c_quads: quads(c),
        h_in: args.x[2],
        w_in: args.x[3],
        h,
        w,
        pad: args.pad.before,
        gain: args.gain,
        window: (RUN - 1) * args.stride + 4,
        run: RUN,
        activate: Number(args.b !== undefined),
        x_base: base.x,
        y_base: base.y,
      },
      prelude: { STRIDE: args.stride },
      workgroups: flat(threads),
    };
  },

  inputRows: ({ x, pad, stride }, _, rows) => filterRows(rows, 4, stride, pad.before, x[2]),
};
