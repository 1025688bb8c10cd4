import wgsl from "../../shaders/rgba8_to_planes.wgsl?raw";
import { ShapeError } from "../errors";
import { type Shape, show } from "../tensor";
import type { Kernel } from "./kernel";
import { IMAGE, RGBA8 } from "./layout";
import { pixelwise } from "./pixelwise";

export interface Rgba8ToPlanes {
  readonly x: Shape;
  /** To [-1, 1] as GPEN's models take it, or to [0, 1] (seg2face). */
  readonly normalise: boolean;
}

/**
 * rgba8_to_planes: y = rgb / 127.5 - 1, or rgb / 255; alpha is left out.
 *
 * Shapes    x (n, 4, h, w) of 0..255 → y (n, 3, h, w)
 * Errors    ShapeError if x does not have 4 channels
 * Cost      bound by memory: 20 bytes per pixel
 * Accuracy  two roundings; compared at 3e-7
 * Source    GPEN face_enhancement.py: (img / 255 - 0.5) / 0.5
 */
export const rgba8ToPlanes: Kernel<Rgba8ToPlanes> = {
  name: "rgba8_to_planes",
  wgsl,
  bindings: ["params", "x", "y"],

  outputShape({ x }) {
    if (x.length !== 4 || x[1] !== 4) {
      throw new ShapeError(
        `rgba8_to_planes: x ${show(x)} must be (n, 4, h, w), pixels of red, green, blue, alpha`,
      );
    }
    return [x[0], 3, x[2], x[3]];
  },

  layouts: () => ({ x: RGBA8, y: IMAGE }),

  plan: ({ x, normalise }, band) =>
    pixelwise(x, 1, band, { h: x[2], w: x[3], normalise: Number(normalise) }),

  inputRows: (_args, _name, rows) => rows,

  reference({ x: [n, , h, w], normalise }, { x }) {
    const y = new Float32Array(n * 3 * h * w);
    for (let i = 0; i < y.length; i++) {
      const sample = Math.floor(i / (3 * h * w));
      const v = x[i + sample * h * w] / 255;
      y[i] = normalise ? 2 * v - 1 : v;
    }
    return y;
  },
};
