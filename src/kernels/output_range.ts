import wgsl from "../../shaders/output_range.wgsl?raw";
import type { Shape } from "../tensor";
import type { Kernel } from "./kernel";
import { IMAGE_F32, VECTOR } from "./layout";
import { sizesOf } from "./sizes";

export interface OutputRange {
  readonly x: Shape;
}

/**
 * output_range: what tells a picture from an overflow: minimum, maximum, and numbers not finite.
 *
 * Shapes    x (n, 3, h, w) → y (n, 4): [minimum, maximum, count of NaN and infinities, 0]
 * Units     ±3e38 where a sample has no finite number
 * Errors    ShapeError if x does not have three channels
 * Cost      one pass over x by one workgroup per sample
 * Accuracy  exact
 * Source    ours; see the shader for why it is needed
 */
export const outputRange: Kernel<OutputRange> = {
  name: "output_range",
  wgsl,
  bindings: ["params", "x", "y"],

  outputShape(args) {
    return [sizesOf("output_range", args, { x: "n 3 h w" }).n, 4];
  },

  layouts: () => ({ x: IMAGE_F32, y: VECTOR }),

  plan: ({ x: [n, , h, w] }) => ({ params: { pixels: h * w, half: 128 }, workgroups: [n, 1, 1] }),
};
