import wgsl from "../../shaders/conv_broadcast.wgsl?raw";
import type { Shape } from "../tensor";
import { conv2d } from "./conv2d";
import { ceilDiv, filterRows, type Kernel, quads, type Rows, WORKGROUP } from "./kernel";
import { convWeights, IMAGE, VECTOR } from "./layout";
import { checkFactors } from "./modulation";
import { sizesOf } from "./sizes";
import { transposedRows } from "./transposed";

export interface ConvBroadcast {
  /** Already scaled by the layer's style, where there is one. */
  readonly x: Shape;
  readonly w: Shape;
  /** (n, demodulation factors of all layers), see demodulation; this layer's start at dFirst. */
  readonly d?: Shape;
  readonly dFirst?: number;
  readonly b?: Shape;
  readonly stride: 1 | 2;
  readonly pad: number;
  /** The transposed convolution of stride 2, whose output has 2 h + 1 rows; stride 1, pad 0. */
  readonly transposed: boolean;
  readonly activate: boolean;
  readonly tile: BroadcastTile;
}

export interface BroadcastTile {
  /** Threads of a subgroup, which the adapter must have fixed. */
  readonly lanes: number;
  /** Output quads whose weights one load brings, 4 threads each: at most lanes / 4. */
  readonly loaded: number;
  /** Such loads per tap and input quad. */
  readonly loads: number;
  /** Pixels of a thread. */
  readonly run: number;
}

/**
 * conv_broadcast: y = act(d · conv(x, w) + b), or transposed, where threads of a subgroup share
 * weights by broadcast.
 *
 * Shapes    x (n, cIn, hIn, wIn), w (cOut, cIn, k, k), d (n, all factors), b (cOut)
 *           → y (n, cOut, h, w), h = (hIn + 2 pad - k) / stride + 1, transposed 2 hIn + 1
 * Units     as conv2d, modulated_conv3x3 and modulated_upconv3x3, whose sums it makes
 * Errors    ShapeError if channels do not agree, or factors or biases are missing
 * Cost      2 cIn k² FLOP per output number, transposed 18 cIn per input pixel; arithmetic bound
 * Accuracy  f32 sums of cIn k² terms; compared at 1e-5
 * Source    GPEN face_model/gpen_model.py, EqualConv2d, ModulatedConv2d
 */
export const convBroadcast: Kernel<ConvBroadcast> = {
  name: "conv_broadcast",
  wgsl,
  bindings: ["params", "x", "w", "d", "b", "y"],

  outputShape(args) {
    const { x, w, d, dFirst = 0, transposed } = args;
    const how = { ...args, stride: 1, pad: 1 } as const;
    const shape = conv2d.outputShape(transposed ? how : args);
    sizesOf("conv_broadcast", args, { x: "n cIn h w", d: "n factors" });
    if (d) checkFactors("conv_broadcast", d, dFirst, w[0]);
    return transposed ? [x[0], w[0], 2 * x[2] + 1, 2 * x[3] + 1] : shape;
  },

  layouts: ({ x }) => ({
    x: IMAGE,
    w: convWeights([x[1]]),
    d: VECTOR,
    b: VECTOR,
    y: IMAGE,
  }),

  plan(args, { n, count, row, rows, base }) {
    const [, cOut, h, w] = convBroadcast.outputShape(args);
    const [, cIn, hIn, wIn] = args.x;
    const { lanes, loaded, loads, run } = args.tile;
    const step = args.transposed ? 2 : 1;
    const columns = ceilDiv(ceilDiv(w, step), run);
    const chunks = ceilDiv(columns * ceilDiv(rows, step), lanes);
    const blocks = ceilDiv(quads(cOut), loaded * loads);
    return {
      params: {
        lanes,
        chunks,
        columns,
        rows,
        row_first: row,
        n_first: n,
        c_out_quads: quads(cOut),
        c_in_quads: quads(cIn),
        h_in: hIn,
        w_in: wIn,
        h,
        w,
        taps: args.w[2],
        step,
        stride: args.stride,
        pad: args.pad,
        d_first: (args.dFirst ?? 0) / 4,
        d_stride: args.d ? quads(args.d[1]) : 0,
        flags: Number(!!args.d) + 2 * Number(!!args.b) + 4 * Number(args.activate),
        outputs: loaded * loads * run,
        x_base: base.x,
        y_base: base.y,
      },
      prelude: { LOADED: loaded, LOADS: loads, RUN: run },
      workgroups: [ceilDiv(chunks * blocks * lanes, WORKGROUP), 1, count * step * step],
    };
  },

  inputRows: ({ x, w, stride, pad, transposed }, _, rows: Rows) =>
    transposed ? transposedRows(rows, x[2]) : filterRows(rows, w[2], stride, pad, x[2]),

  macs(args) {
    if (args.transposed) return args.x.reduce((product, side) => product * side) * args.w[0] * 9;
    const [n, cOut, h, w] = convBroadcast.outputShape(args);
    return n * cOut * h * w * args.w[1] * args.w[2] ** 2;
  },
};
