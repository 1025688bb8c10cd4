import wgsl from "../../shaders/style_vectors.wgsl?raw";
import type { Shape } from "../tensor";
import { type Kernel, quads, WORKGROUP } from "./kernel";
import { MATRIX, VECTOR } from "./layout";
import { sizesOf } from "./sizes";

export interface StyleVectors {
  /** One latent per layer (n, l, k), or one for all (n, k). */
  readonly ws: Shape;
  readonly w: Shape;
  readonly b: Shape;
  /** (m / 4): which latent each quad of rows reads; beyond the last one means the last one. */
  readonly latent: Shape;
}

/**
 * style_vectors: y = ws[latent] wᵀ + b, the styles of all modulated layers in one dispatch. Layers
 * follow one another along m, their halves padded to whole quads by rows of zeros.
 *
 * Shapes    ws (n, l, k) or (n, k), w (m, k), b (m), latent (m / 4) → y (n, m)
 * Units     the scale 1/√k is folded into w
 * Errors    ShapeError if k or m do not agree, or m is not a multiple of 4
 * Cost      2 k m FLOP and 4 k m bytes per sample; bound by memory
 * Accuracy  64 partial sums of k/64 terms; compared at 1e-5
 * Source    GPEN face_model/gpen_model.py, ModulatedConv2d.modulation
 */
export const styleVectors: Kernel<StyleVectors> = {
  name: "style_vectors",
  wgsl,
  bindings: ["params", "ws", "w", "b", "latent", "y"],

  outputShape(args) {
    const ws = args.ws.length === 3 ? "n l k" : "n k";
    const patterns = { ws, w: "m k", b: "m", latent: `${args.w[0] / 4}` };
    const { n, m } = sizesOf("style_vectors", args, patterns);
    return [n, m];
  },

  layouts: () => ({ ws: VECTOR, w: MATRIX, b: VECTOR, latent: VECTOR, y: VECTOR }),

  plan: ({ ws, w }) => ({
    params: {
      k_quads: quads(w[1]),
      m_quads: w[0] / 4,
      latents: ws.length === 3 ? ws[1] : 1,
      half: WORKGROUP / 2,
    },
    workgroups: [w[0] / 4, ws[0], 1],
  }),

  macs: ({ ws, w }) => ws[0] * w[0] * w[1],
};
