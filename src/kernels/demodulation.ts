import wgsl from "../../shaders/demodulation.wgsl?raw";
import { ShapeError } from "../errors";
import { type Shape, show } from "../tensor";
import { type Kernel, quads, WORKGROUP } from "./kernel";
import { VECTOR } from "./layout";
import { sizesOf } from "./sizes";

export interface Demodulation {
  /** Styles of all layers (n, m). */
  readonly s: Shape;
  /** Squared weights of all layers, summed over taps, in the order of reading: (q). */
  readonly wsq: Shape;
  /**
   * (r / 4, 4): per output quad [first style quad, style quads, first vec4 of wsq, which]; the layer's
   * first quad, which keeps its styles, is 1, or 2 if they are not to be divided; others are 0.
   */
  readonly rows: Shape;
}

/**
 * demodulation: s' = s / max|s| within each layer, and d = 1 / √(Σ s'² wsq + 1e-8 / max|s|²): styles
 * and factors of all layers in one dispatch. toRGB's styles stay as they are; nobody reads its factors.
 *
 * Shapes    s (n, m), wsq (q), rows (r / 4, 4) → y (n, m + r): s', then d
 * Units     wsq is made of weights with the equalisation scale folded in, so the epsilon is the
 *           paper's 1e-8, over the square of what s is divided by: 1 where all of a layer's are 0
 * Errors    ShapeError if s does not have whole quads or rows not four columns
 * Cost      2 cIn FLOP and 4 cIn bytes per factor; bound by memory
 * Accuracy  64 partial sums; compared at 1e-5
 * Source    GPEN face_model/gpen_model.py, ModulatedConv2d (demodulate); StyleGAN2-ADA
 *           training/networks.py, modulated_conv2d (pre-normalisation for f16)
 */
export const demodulation: Kernel<Demodulation> = {
  name: "demodulation",
  wgsl,
  bindings: ["params", "s", "wsq", "rows", "y"],

  outputShape(args) {
    const { n, m, r } = sizesOf("demodulation", args, { s: "n m", wsq: "q", rows: "r 4" });
    if (m % 4 !== 0) {
      throw new ShapeError(`demodulation: s ${show(args.s)} must be whole quads of styles`);
    }
    return [n, m + 4 * r];
  },

  layouts: () => ({ s: VECTOR, wsq: VECTOR, rows: VECTOR, y: VECTOR }),

  plan: ({ s, rows }) => ({
    params: { s_quads: quads(s[1]), half: WORKGROUP / 2 },
    workgroups: [rows[0], s[0], 1],
  }),

  macs: ({ s, wsq }) => s[0] * wsq[0],
};
