import wgsl from "../../shaders/noise_concat.wgsl?raw";
import { ShapeError } from "../errors";
import { type Shape, show } from "../tensor";
import { type Kernel, quads } from "./kernel";
import { IMAGE, VECTOR } from "./layout";
import { pixelwise } from "./pixelwise";

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

  outputShape({ x, e, e_activation }) {
    if (x.length !== 4 || e.length !== 4 || e[0] !== x[0] || e[2] !== x[2] || e[3] !== x[3]) {
      throw new ShapeError(`noise_concat: e ${show(e)} must be as large as x ${show(x)}`);
    }
    if (e_activation[0] !== 4 + e[1]) {
      throw new ShapeError(
        `noise_concat: e_activation ${show(e_activation)} must be (${4 + e[1]}) to fit e ${show(e)}`,
      );
    }
    return [x[0], x[1] + e[1], x[2], x[3]];
  },

  layouts: () => ({ x: IMAGE, e: IMAGE, e_activation: VECTOR, y: IMAGE }),

  plan: ({ x, e }, band) =>
    pixelwise(x, quads(x[1] + e[1]), band, { c_x: x[1], c_e: e[1], h: x[2], w: x[3] }),

  inputRows: (_args, _name, rows) => rows,
};
