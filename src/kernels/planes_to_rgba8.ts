import wgsl from "../../shaders/planes_to_rgba8.wgsl?raw";
import { ShapeError } from "../errors";
import { type Shape, sameShape, show } from "../tensor";
import type { Kernel } from "./kernel";
import { IMAGE, IMAGE_F32, RGBA8, VECTOR } from "./layout";
import { pixelwise } from "./pixelwise";

export interface PlanesToRgba8 {
  readonly x: Shape;
  /** What went into the network, at the size of x. */
  readonly photo: Shape;
  /** (2): strength from 0 (the photo) to 1 (the network), and 1 to keep the photo's luminance or 0. */
  readonly blend: Shape;
  /** Whether x and photo are in [-1, 1] (true) or [0, 1]. */
  readonly normalise: boolean;
}

/**
 * planes_to_rgba8: y = round(255 · mix(photo, x, strength)), clamped; opaque.
 *
 * Shapes    x (n, 3, h, w), photo (n, 3, h, w), blend (2) → y (n, 4, h, w) of 0..255
 * Units     levels are rounded to the nearest; luminance by the weights of BT.601
 * Errors    ShapeError if x and photo are not of one shape or blend does not have two numbers
 * Cost      bound by memory: 36 bytes per pixel
 * Accuracy  one level where the exact value lies between two
 * Source    GPEN face_colorization.py (luminance) and README --alpha (strength)
 */
export const planesToRgba8: Kernel<PlanesToRgba8> = {
  name: "planes_to_rgba8",
  wgsl,
  bindings: ["params", "x", "photo", "blend", "y"],

  outputShape({ x, photo, blend }) {
    if (x.length !== 4 || x[1] !== 3 || !sameShape(x, photo) || !sameShape(blend, [2])) {
      throw new ShapeError(
        `planes_to_rgba8: x ${show(x)} must be (n, 3, h, w), photo ${show(photo)} the same and blend ${show(blend)} (2)`,
      );
    }
    return [x[0], 4, x[2], x[3]];
  },

  layouts: () => ({ x: IMAGE_F32, photo: IMAGE, blend: VECTOR, y: RGBA8 }),

  plan: ({ x, normalise }, band) =>
    pixelwise(x, 1, band, { h: x[2], w: x[3], normalise: Number(normalise) }),

  inputRows: (_args, _name, rows) => rows,
};
