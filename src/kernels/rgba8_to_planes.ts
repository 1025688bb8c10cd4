import wgsl from "../../shaders/rgba8_to_planes.wgsl?raw";
import type { Shape } from "../tensor";
import type { Kernel } from "./kernel";
import { IMAGE, RGBA8 } from "./layout";
import { pixelwise } from "./pixelwise";
import { sizesOf } from "./sizes";

export interface Rgba8ToPlanes {
  readonly x: Shape;
  /** To [-1, 1] as GPEN's models take it, or to [0, 1] (seg2face). */
  readonly normalise: boolean;
  /** Luminance in all three channels, as the colorization model takes it. */
  readonly grey: boolean;
}

/**
 * rgba8_to_planes: y = rgb / 127.5 - 1, or rgb / 255, or its luminance; alpha is left out.
 *
 * Shapes    x (n, 4, h, w) of 0..255 → y (n, 3, h, w)
 * Errors    ShapeError if x does not have 4 channels
 * Cost      bound by memory: 20 bytes per pixel
 * Accuracy  two roundings; compared at 3e-7
 * Source    GPEN face_model/face_gan.py, img2tensor; face_colorization.py
 */
export const rgba8ToPlanes: Kernel<Rgba8ToPlanes> = {
  name: "rgba8_to_planes",
  wgsl,
  bindings: ["params", "x", "y"],

  outputShape(args) {
    const { n, h, w } = sizesOf("rgba8_to_planes", args, { x: "n 4 h w" });
    return [n, 3, h, w];
  },

  layouts: () => ({ x: RGBA8, y: IMAGE }),

  plan: ({ x, normalise, grey }, band) =>
    pixelwise(x, 1, band, { h: x[2], w: x[3], normalise: Number(normalise), grey: Number(grey) }),

  inputRows: (_args, _name, rows) => rows,
};
