import type { Shape } from "../tensor";
import { ceilDiv, type Kernel, quads, WORKGROUP } from "./kernel";
import { convWeights, IMAGE, VECTOR } from "./layout";
import {
  halves,
  inputChannels,
  type Modulated,
  modulatedParams,
  modulatedSizes,
} from "./modulation";
import { transposedRows } from "./transposed";

const RUN = 4;

export interface ModulatedUpconv3x3 extends Modulated {
  /** (n, demodulation factors of all layers), see demodulation. */
  readonly d: Shape;
  /** Where this layer's factors start in d. */
  readonly dFirst: number;
}

/**
 * modulated_upconv3x3: y = d · conv_transpose(concat(x, noise half) · s, w), 3x3 taps, stride 2.
 * The fir kernel with gain 4 and padding (1, 1) follows it and makes 2h x 2w of (2h+1) x (2w+1).
 *
 * Shapes    x (n or 1, cX, h, w), e (n, cE, h, w), w (cOut, cX + cE, 3, 3), s (n, all styles),
 *           d (n, all factors) → y (n, cOut, 2h + 1, 2w + 1)
 * Units     as modulated_conv3x3; demodulated here already, so that y fits f16
 * Errors    ShapeError if the halves, weights, styles or factors do not belong together
 * Cost      18 cIn FLOP per input pixel and output channel, by phases; arithmetic bound
 * Accuracy  f32 sums of at most 4 cIn terms; compared at 1e-5
 * Source    GPEN face_model/gpen_model.py, ModulatedConv2d(upsample=True)
 */
export const modulatedUpconv3x3: Kernel<ModulatedUpconv3x3> = {
  name: "modulated_upconv3x3",
  wgsl: async () => (await import("../../shaders/modulated_upconv3x3.wgsl?raw")).default,
  bindings: ["params", "x", "e", "e_activation", "w", "s", "d", "y"],

  outputShape(args) {
    const { n, cOut, h, w } = modulatedSizes("modulated_upconv3x3", args, {
      w: `cOut ${inputChannels(args)} 3 3`,
      d: "n factors",
    });
    return [n, cOut, 2 * h + 1, 2 * w + 1];
  },

  layouts: (args) => ({
    x: IMAGE,
    e: IMAGE,
    e_activation: VECTOR,
    w: convWeights(halves(args)),
    s: VECTOR,
    d: VECTOR,
    y: IMAGE,
  }),

  plan(args, { n, count, row, rows, base }) {
    const wBlocks = ceilDiv(args.x[3] + 1, RUN);
    const evenRows = Math.ceil((row + rows) / 2) - Math.ceil(row / 2);
    const cOutQuads = quads(args.w[0]);
    const threads = wBlocks * rows;
    return {
      params: {
        threads,
        n_first: n,
        row_first: row,
        even_rows: evenRows,
        w_blocks: wBlocks,
        c_out_quads: cOutQuads,
        ...modulatedParams(args),
        d_first: args.dFirst / 4,
        d_stride: quads(args.d[1]),
        x_base: base.x,
        e_base: base.e ?? 0,
        y_base: base.y,
      },
      workgroups: [ceilDiv(threads, WORKGROUP), quads(args.w[0]), count],
    };
  },

  inputRows: ({ x }, _, rows) => transposedRows(rows, x[2]),

  macs: ({ s, x, w }) => s[0] * x[2] * x[3] * w[0] * w[1] * 9,
};
