import wgsl from "../../shaders/minibatch_stddev.wgsl?raw";
import { ShapeError } from "../errors";
import { type Shape, show } from "../tensor";
import { type Kernel, quads, WORKGROUP } from "./kernel";
import { IMAGE } from "./layout";

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

  outputShape({ x }) {
    if (x.length !== 4) throw new ShapeError(`minibatch_stddev: x ${show(x)} must be (n, c, h, w)`);
    return [x[0], x[1] + 1, x[2], x[3]];
  },

  layouts: () => ({ x: IMAGE, y: IMAGE }),

  plan: ({ x: [n, c, h, w] }) => ({
    params: { n, c, hw_quads: quads(c) * h * w, w, h, half: WORKGROUP / 2 },
    workgroups: [1, 1, 1],
  }),
};
