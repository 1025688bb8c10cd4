import wgsl from "../../shaders/minibatch_stddev.wgsl?raw";
import type { Shape } from "../tensor";
import { type Kernel, quads, WORKGROUP } from "./kernel";
import { IMAGE } from "./layout";
import { sizesOf } from "./sizes";

export interface MinibatchStddev {
  readonly x: Shape;
}

/**
 * minibatch_stddev: x and one channel more, which holds the mean over (c, h, w) of the standard
 * deviation over the batch, everywhere the same.
 *
 * Shapes    x (n, c, h, w) → y (n, c + 1, h, w); the group is the whole batch
 * Errors    ShapeError if x is not an image
 * Cost      one workgroup; x is 4 x 4 in GPEN's discriminator
 * Accuracy  64 partial sums; compared at 1e-5
 * Source    GPEN face_model/gpen_model.py, Discriminator.forward
 */
export const minibatchStddev: Kernel<MinibatchStddev> = {
  name: "minibatch_stddev",
  wgsl,
  bindings: ["params", "x", "y"],

  outputShape(args) {
    const { n, c, h, w } = sizesOf("minibatch_stddev", args, { x: "n c h w" });
    return [n, c + 1, h, w];
  },

  layouts: () => ({ x: IMAGE, y: IMAGE }),

  plan: ({ x: [n, c, h, w] }) => ({
    params: { n, c, hw_quads: quads(c) * h * w, w, h, half: WORKGROUP / 2 },
    workgroups: [1, 1, 1],
  }),
};
