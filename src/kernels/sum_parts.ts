import wgsl from "../../shaders/sum_parts.wgsl?raw";
import { ShapeError } from "../errors";
import { type Shape, show } from "../tensor";
import { type Kernel, quads } from "./kernel";
import { IMAGE, VECTOR } from "./layout";
import { pixelwise } from "./pixelwise";
import { sizesOf } from "./sizes";

export interface SumParts {
  /** (n, parts · c, h, w): the sums of a convolution over parts of its input. */
  readonly x: Shape;
  readonly b?: Shape;
  readonly parts: number;
  readonly activate: boolean;
}

/**
 * sum_parts: y = act(Σ over parts of x + b).
 *
 * Shapes    x (n, parts · c, h, w), b (c) → y (n, c, h, w); c a multiple of 4
 * Units     as x; √2 after the leaky ReLU
 * Errors    ShapeError if x does not hold whole quads of every part, or b not one bias per channel
 * Cost      bound by memory: 4 (parts + 1) bytes per number
 * Accuracy  f32 sums in order of the parts; compared at 1e-6
 * Source    GPEN face_model/op/fused_act.py, FusedLeakyReLU
 */
export const sumParts: Kernel<SumParts> = {
  name: "sum_parts",
  wgsl,
  bindings: ["params", "x", "b", "y"],

  outputShape(args) {
    const { x, parts } = args;
    const c = x[1] / parts;
    const { n, h, w } = sizesOf("sum_parts", args, { x: "n partsC h w", b: `${c}` });
    if (c % 4 !== 0) {
      throw new ShapeError(
        `sum_parts: x ${show(x)} must be (n, ${parts} c, h, w) with c a multiple of 4`,
      );
    }
    return [n, c, h, w];
  },

  layouts: () => ({ x: IMAGE, b: VECTOR, y: IMAGE }),

  plan({ x, b, parts, activate }, band) {
    const cQuads = quads(x[1] / parts);
    const geometry = { c_quads: cQuads, parts, h: x[2], w: x[3] };
    return {
      ...pixelwise(x, cQuads, band, geometry),
      overrides: { BIAS: Number(b !== undefined), ACTIVATE: Number(activate) },
    };
  },

  inputRows: (_args, _name, rows) => rows,
};
