import wgsl from "../../shaders/residual_add.wgsl?raw";
import type { Shape } from "../tensor";
import { type Kernel, quads } from "./kernel";
import { IMAGE } from "./layout";
import { pixelwise } from "./pixelwise";
import { sizesOf } from "./sizes";

export interface ResidualAdd {
  readonly a: Shape;
  readonly b: Shape;
}

/**
 * residual_add: y = (a + b) / √2, the end of a residual block.
 *
 * Shapes    a (n, c, h, w), b (n, c, h, w) → y (n, c, h, w)
 * Units     √2 keeps the variance of two branches of equal variance
 * Errors    ShapeError if a and b are not of one shape
 * Cost      bound by memory: 12 bytes per number
 * Accuracy  two roundings; compared at 1e-6
 * Source    GPEN face_model/gpen_model.py, ResBlock
 */
export const residualAdd: Kernel<ResidualAdd> = {
  name: "residual_add",
  wgsl,
  bindings: ["params", "a", "b", "y"],

  outputShape(args) {
    sizesOf("residual_add", args, { a: "n c h w", b: "n c h w" });
    return args.a;
  },

  layouts: () => ({ a: IMAGE, b: IMAGE, y: IMAGE }),

  plan: ({ a }, band) =>
    pixelwise(a, quads(a[1]), band, { c_quads: quads(a[1]), h: a[2], w: a[3] }),

  inputRows: (_args, _name, rows) => rows,
};
