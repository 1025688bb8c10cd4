import wgsl from "../../shaders/planes_to_rgba8.wgsl?raw";
import type { Shape } from "../tensor";
import type { Kernel } from "./kernel";
import { IMAGE, IMAGE_F32, RGBA8, VECTOR } from "./layout";
import { pixelwise } from "./pixelwise";
import { sizesOf } from "./sizes";

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

  outputShape(args) {
    const patterns = { x: "n 3 h w", photo: "n 3 h w", blend: "2" };
    const { n, h, w } = sizesOf("planes_to_rgba8", args, patterns);
    return [n, 4, h, w];
  },

  layouts: () => ({ x: IMAGE_F32, photo: IMAGE, blend: VECTOR, y: RGBA8 }),

  plan: ({ x, normalise }, band) =>
    pixelwise(x, 1, band, { h: x[2], w: x[3], normalise: Number(normalise) }),

  inputRows: (_args, _name, rows) => rows,
};
