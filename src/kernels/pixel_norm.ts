import wgsl from "../../shaders/pixel_norm.wgsl?raw";
import type { Shape } from "../tensor";
import { type Kernel, quads, WORKGROUP } from "./kernel";
import { VECTOR } from "./layout";
import { sizesOf } from "./sizes";

export interface PixelNorm {
  readonly x: Shape;
}

/**
 * pixel_norm: y = x / √(mean(x²) + 1e-8), over each latent.
 *
 * Shapes    x (n, k) → y (n, k)
 * Errors    ShapeError if x is not a batch of vectors
 * Cost      4 FLOP and 12 bytes per number; one workgroup per sample
 * Accuracy  64 partial sums; compared at 1e-6
 * Source    GPEN face_model/gpen_model.py, PixelNorm
 */
export const pixelNorm: Kernel<PixelNorm> = {
  name: "pixel_norm",
  wgsl,
  bindings: ["params", "x", "y"],

  outputShape(args) {
    sizesOf("pixel_norm", args, { x: "n k" });
    return args.x;
  },

  layouts: () => ({ x: VECTOR, y: VECTOR }),

  plan: ({ x }) => ({
    params: { k: x[1], k_quads: quads(x[1]), half: WORKGROUP / 2 },
    workgroups: [x[0], 1, 1],
  }),
};
