import wgsl from "../../shaders/noise_add.wgsl?raw";
import type { Shape } from "../tensor";
import { type Kernel, quads } from "./kernel";
import { IMAGE, VECTOR } from "./layout";
import { pixelwise } from "./pixelwise";
import { sizesOf } from "./sizes";

export interface NoiseAdd {
  readonly x: Shape;
  readonly e: Shape;
  /** (4 + c): noise weight, three zeros, then the biases. */
  readonly e_activation: Shape;
}

/**
 * noise_add: y = √2 · leaky_relu(x + noise · e + bias, 0.2), the ablation that adds encoder features.
 *
 * Shapes    x (n, c, h, w), e (n, c, h, w), e_activation (4 + c) → y (n, c, h, w)
 * Errors    ShapeError if x and e are not of one shape or a bias is missing
 * Cost      bound by memory: 12 bytes per number
 * Accuracy  four roundings; compared at 1e-6
 * Source    GPEN face_model/gpen_model.py, NoiseInjection(isconcat=False)
 */
export const noiseAdd: Kernel<NoiseAdd> = {
  name: "noise_add",
  wgsl,
  bindings: ["params", "x", "e", "e_activation", "y"],

  outputShape(args) {
    const { x } = args;
    const e_activation = `${4 + x[1]}`;
    sizesOf("noise_add", args, { x: "n c h w", e: "n c h w", e_activation });
    return x;
  },

  layouts: () => ({ x: IMAGE, e: IMAGE, e_activation: VECTOR, y: IMAGE }),

  plan: ({ x }, band) =>
    pixelwise(x, quads(x[1]), band, { c_quads: quads(x[1]), h: x[2], w: x[3] }),

  inputRows: (_args, _name, rows) => rows,
};
