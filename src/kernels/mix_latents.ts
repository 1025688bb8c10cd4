import wgsl from "../../shaders/mix_latents.wgsl?raw";
import type { Shape } from "../tensor";
import { ceilDiv, type Kernel, quads, WORKGROUP } from "./kernel";
import { VECTOR } from "./layout";
import { sizesOf } from "./sizes";

export interface MixLatents {
  readonly w1: Shape;
  readonly w2: Shape;
  readonly w_avg: Shape;
  /** (2): truncation, and the first layer that takes w2. */
  readonly mix_by: Shape;
  readonly layers: number;
}

/**
 * mix_latents: y[layer] = w_avg + truncation · (w - w_avg), w being w1 below the crossover, then w2.
 *
 * Shapes    w1 (n, k), w2 (n, k), w_avg (1, k), mix_by (2) → y (n, layers, k)
 * Units     truncation 1 leaves the latent, 0 gives the mean; crossover counts the layers' latents
 * Errors    ShapeError if the latents are not of one shape
 * Cost      3 FLOP and 20 bytes per number
 * Accuracy  three roundings; compared at 1e-6
 * Source    GPEN face_model/gpen_model.py, Generator.forward; StyleGAN (arXiv 1812.04948), B
 */
export const mixLatents: Kernel<MixLatents> = {
  name: "mix_latents",
  wgsl,
  bindings: ["params", "w1", "w2", "w_avg", "mix_by", "y"],

  outputShape(args) {
    const patterns = { w1: "n k", w2: "n k", w_avg: "1 k", mix_by: "2" };
    const { n, k } = sizesOf("mix_latents", args, patterns);
    return [n, args.layers, k];
  },

  layouts: () => ({ w1: VECTOR, w2: VECTOR, w_avg: VECTOR, mix_by: VECTOR, y: VECTOR }),

  plan: ({ w1, layers }) => ({
    params: { k_quads: quads(w1[1]), layers },
    workgroups: [ceilDiv(quads(w1[1]), WORKGROUP), layers, w1[0]],
  }),
};
