import wgsl from "../../shaders/noise_concat.wgsl?raw";
import type { Shape } from "../tensor";
import { type Kernel, quads } from "./kernel";
import { IMAGE, VECTOR } from "./layout";
import { pixelwise } from "./pixelwise";
import { sizesOf } from "./sizes";

export interface NoiseConcat {
  readonly x: Shape;
  readonly e: Shape;
  /** (4 + cE): noise weight, three zeros, then the encoder half's biases. */
  readonly e_activation: Shape;
}

/**
 * noise_concat: y = concat(x, √2 · leaky_relu(noise · e + bias, 0.2)), a styled convolution's output
 * as the paper has it. Consumers read the halves instead; this makes it visible as an intermediate.
 *
 * Shapes    x (n, cX, h, w), e (n, cE, h, w), e_activation (4 + cE) → y (n, cX + cE, h, w)
 * Errors    ShapeError if the halves are not of one size or a bias is missing
 * Cost      bound by memory: 8 bytes per number
 * Accuracy  three roundings; compared at 1e-6
 * Source    GPEN face_model/gpen_model.py, NoiseInjection(isconcat=True)
 */
export const noiseConcat: Kernel<NoiseConcat> = {
  name: "noise_concat",
  wgsl,
  bindings: ["params", "x", "e", "e_activation", "y"],

  outputShape(args) {
    const e_activation = `${4 + args.e[1]}`;
    const patterns = { x: "n cX h w", e: "n cE h w", e_activation };
    const { n, cX, cE, h, w } = sizesOf("noise_concat", args, patterns);
    return [n, cX + cE, h, w];
  },

  layouts: () => ({ x: IMAGE, e: IMAGE, e_activation: VECTOR, y: IMAGE }),

  plan: ({ x, e }, band) =>
    pixelwise(x, quads(x[1] + e[1]), band, { c_x: x[1], c_e: e[1], h: x[2], w: x[3] }),

  inputRows: (_args, _name, rows) => rows,
};
