import wgsl from "../../shaders/flatten.wgsl?raw";
import type { Shape } from "../tensor";
import { flat, type Kernel, quads } from "./kernel";
import { IMAGE, VECTOR } from "./layout";
import { sizesOf } from "./sizes";

export interface Flatten {
  readonly x: Shape;
}

/**
 * flatten: y = x as one vector per sample, in natural (c, h, w) order and f32.
 *
 * Shapes    x (n, c, h, w) → y (n, c h w)
 * Errors    ShapeError if x is not an image
 * Cost      bound by memory; at most 512 channels of 4 x 4 in GPEN
 * Accuracy  exact
 * Source    GPEN face_model/gpen_model.py, FullGenerator.forward
 */
export const flatten: Kernel<Flatten> = {
  name: "flatten",
  wgsl,
  bindings: ["params", "x", "y"],

  outputShape(args) {
    const { n, c, h, w } = sizesOf("flatten", args, { x: "n c h w" });
    return [n, c * h * w];
  },

  layouts: () => ({ x: IMAGE, y: VECTOR }),

  plan({ x: [n, c, h, w] }) {
    const stride = 4 * quads(c * h * w);
    return { params: { c, h, w, y_stride: stride }, workgroups: flat(stride, n) };
  },
};
