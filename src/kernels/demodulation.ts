import wgsl from "../../shaders/demodulation.wgsl?raw";
import { ShapeError } from "../errors";
import { type Shape, show } from "../tensor";
import { type Kernel, quads, WORKGROUP } from "./kernel";
import { VECTOR } from "./layout";
import { sizesOf } from "./sizes";

export interface Demodulation {
  /** Normalised styles and magnitudes (n, styles + layers), from style_normalise. */
  readonly s: Shape;
  /** Squared weights of all layers, summed over taps, in the order of reading: (q). */
  readonly wsq: Shape;
  /** (r / 4, 4): per output quad [first style quad, style quads, first vec4 of wsq, layer]. */
  readonly rows: Shape;
  /** Styles in s; the magnitudes of the layers follow them. */
  readonly styles: number;
}

/**
 * demodulation: d = 1 / √(Σ s² wsq + 1e-8 / magnitude²), the factors of all layers in one dispatch.
 *
 * Shapes    s (n, styles + layers), wsq (q), rows (r / 4, 4) → y (n, r)
 * Units     wsq is made of weights with the equalisation scale folded in, so the epsilon is the
 *           paper's 1e-8, over the squared magnitude that style_normalise took out
 * Errors    ShapeError if the tables do not have four columns or s lacks the magnitudes
 * Cost      2 cIn FLOP and 4 cIn bytes per factor; bound by memory
 * Accuracy  64 partial sums; compared at 1e-5
 * Source    GPEN face_model/gpen_model.py, ModulatedConv2d (demodulate)
 */
export const demodulation: Kernel<Demodulation> = {
  name: "demodulation",
  wgsl,
  bindings: ["params", "s", "wsq", "rows", "y"],

  outputShape(args) {
    const { s, wsq, styles } = args;
    const { n, m, q, r } = sizesOf("demodulation", args, { s: "n m", wsq: "q", rows: "r 4" });
    if (styles % 4 !== 0 || m <= styles || q % 16 !== 0) {
      throw new ShapeError(
        `demodulation: s ${show(s)} must hold ${styles} styles and then a magnitude per layer, wsq ${show(wsq)} whole blocks of 16`,
      );
    }
    return [n, 4 * r];
  },

  layouts: () => ({ s: VECTOR, wsq: VECTOR, rows: VECTOR, y: VECTOR }),

  plan: ({ s, rows, styles }) => ({
    params: {
      s_quads: quads(s[1]),
      style_quads: styles / 4,
      d_quads: rows[0],
      half: WORKGROUP / 2,
    },
    workgroups: [rows[0], s[0], 1],
  }),

  macs: ({ s, wsq }) => s[0] * wsq[0],
};
