import wgsl from "../../shaders/pixel_norm.wgsl?raw";
import { ShapeError } from "../errors";
import { type Shape, show } from "../tensor";
import { type Kernel, quads, WORKGROUP } from "./kernel";
import { VECTOR } from "./layout";

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

  outputShape({ x }) {
    if (x.length !== 2)
      throw new ShapeError(`pixel_norm: x ${show(x)} must be (n, k), a batch of latents`);
    return x;
  },

  layouts: () => ({ x: VECTOR, y: VECTOR }),

  plan: ({ x }) => ({
    params: { k: x[1], k_quads: quads(x[1]), half: WORKGROUP / 2 },
    workgroups: [x[0], 1, 1],
  }),
};
