import type { Shape } from "../tensor";
import { ceilDiv, filterRows, type Kernel, pixelsPerThread, quads, WORKGROUP } from "./kernel";
import { convWeights, IMAGE, VECTOR } from "./layout";
import {
  halves,
  inputChannels,
  type Modulated,
  modulatedParams,
  modulatedSizes,
} from "./modulation";

export interface ModulatedConv3x3 extends Modulated {
  /** (n, demodulation factors of all layers), see demodulation. */
  readonly d: Shape;
  /** Where this layer's factors start in d. */
  readonly dFirst: number;
  /** Bias, followed by the scaled leaky ReLU; without it y is the demodulated sum. */
  readonly b?: Shape;
}

/**
 * modulated_conv3x3: y = act(d · conv(concat(x, noise half) · s, w) + b), 3x3 taps, padding 1.
 *
 * Shapes    x (n or 1, cX, h, w), e (n, cE, h, w), w (cOut, cX + cE, 3, 3), s (n, all styles),
 *           d (n, all factors), b (cOut) → y (n, cOut, h, w)
 * Units     s is normalised to a largest magnitude of 1 per layer and d made from it, which cancels;
 *           the equalisation scale is folded into w
 * Errors    ShapeError if the halves, weights, styles or factors do not belong together
 * Cost      18 cIn FLOP per output number; arithmetic bound
 * Accuracy  f32 sums of 9 cIn terms: about 3e-7 √cIn relative; compared at 1e-5
 * Source    GPEN face_model/gpen_model.py, StyledConv; StyleGAN2 (arXiv 1912.04958), equations 1 to 3
 */
export const modulatedConv3x3: Kernel<ModulatedConv3x3> = {
  name: "modulated_conv3x3",
  wgsl: async () => (await import("../../shaders/modulated_conv3x3.wgsl?raw")).default,
  bindings: ["params", "x", "e", "e_activation", "w", "s", "d", "b", "y"],

  outputShape(args) {
    const { n, cOut, h, w } = modulatedSizes("modulated_conv3x3", args, {
      w: `cOut ${inputChannels(args)} 3 3`,
      d: "n factors",
      b: "cOut",
    });
    return [n, cOut, h, w];
  },

  layouts: (args) => ({
    x: IMAGE,
    e: IMAGE,
    e_activation: VECTOR,
    w: convWeights(halves(args)),
    s: VECTOR,
    d: VECTOR,
    b: VECTOR,
    y: IMAGE,
  }),

  plan(args, { n, count, row, rows, base }) {
    const run = pixelsPerThread(args.x[3]);
    const wBlocks = ceilDiv(args.x[3], run);
    const cOutQuads = quads(args.w[0]);
    const threads = wBlocks * rows;
    return {
      params: {
        threads,
        n_first: n,
        row_first: row,
        w_blocks: wBlocks,
        c_out_quads: cOutQuads,
        ...modulatedParams(args),
        d_first: args.dFirst / 4,
        d_stride: quads(args.d[1]),
        x_base: base.x,
        e_base: base.e ?? 0,
        y_base: base.y,
      },
      prelude: { RUN: run },
      overrides: { ACTIVATE: Number(args.b !== undefined) },
      workgroups: [ceilDiv(threads, WORKGROUP), quads(args.w[0]), count],
    };
  },

  inputRows: ({ x }, _, rows) => filterRows(rows, 3, 1, 1, x[2]),

  macs: ({ s, x, w }) => s[0] * x[2] * x[3] * w[0] * w[1] * 9,
};
