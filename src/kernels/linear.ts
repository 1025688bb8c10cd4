import wgsl from "../../shaders/linear.wgsl?raw";
import type { Shape } from "../tensor";
import { type Kernel, quads, WORKGROUP } from "./kernel";
import { MATRIX, VECTOR } from "./layout";
import { sizesOf } from "./sizes";

export interface Linear {
  readonly x: Shape;
  readonly w: Shape;
  readonly b: Shape;
  readonly activate: boolean;
}

/**
 * linear: y = act(x wᵀ + b), a fully connected layer.
 *
 * Shapes    x (n, k), w (m, k), b (m) → y (n, m)
 * Units     the scale lr_mul/√k is folded into w and lr_mul into b
 * Errors    ShapeError if k or m do not agree
 * Cost      2 k m FLOP and 4 k m bytes per sample; bound by memory
 * Accuracy  64 partial sums of k/64 terms; compared at 1e-5
 * Source    GPEN face_model/gpen_model.py, EqualLinear
 */
export const linear: Kernel<Linear> = {
  name: "linear",
  wgsl,
  bindings: ["params", "x", "w", "b", "y"],

  outputShape(args) {
    const { n, m } = sizesOf("linear", args, { x: "n k", w: "m k", b: "m" });
    return [n, m];
  },

  layouts: () => ({ x: VECTOR, w: MATRIX, b: VECTOR, y: VECTOR }),

  plan: ({ x, w, activate }) => ({
    params: {
      k_quads: quads(w[1]),
      m_quads: quads(w[0]),
      activate: Number(activate),
      half: WORKGROUP / 2,
    },
    workgroups: [quads(w[0]), x[0], 1],
  }),

  macs: ({ x, w }) => x[0] * w[0] * w[1],
};
