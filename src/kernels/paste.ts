import wgsl from "../../shaders/paste.wgsl?raw";
import { ShapeError } from "../errors";
import { type Shape, sameShape, show } from "../tensor";
import type { Kernel } from "./kernel";
import { RGBA8, VECTOR } from "./layout";
import { pixelwise } from "./pixelwise";

export interface Paste {
  /** The photo, or a part of it. */
  readonly x: Shape;
  /** (1, 4, 1, p): the pixels of all faces, one face after another, each row by row. */
  readonly pixels: Shape;
  /**
   * (m, 16): [a, b, c, d, e, f, width, height, first, cx, cy, 1/rx, 1/ry, shown, 0, 0]. Pixel (px, py)
   * of x lies in the face at u = a px + b py + c, v = d px + e py + f; `first` is the index in pixels.
   */
  readonly faces: Shape;
  /** (2): strength from 0 (the photo) to 1 (the face), and 1 to keep the photo's colour or 0. */
  readonly blend: Shape;
}

/** Part of the mask's ellipse where the mask is 1; equals the shader's INNER. */
export const MASK_INNER = 0.7;
/** Samples along a side of a pixel, at most; equals the shader's MOST_SAMPLES. */
export const MOST_SAMPLES = 4;

/**
 * paste: y = x + mask · strength · alpha · (face - x); of overlapping faces the one with the larger
 * mask, of equal ones the earlier. Pixels that no mask reaches stay as they are, bit for bit.
 *
 * Shapes    x (1, 4, h, w), pixels (1, 4, 1, p), faces (m, 16), blend (2) → y (1, 4, h, w)
 * Units     levels 0..255, rounded to the nearest; the mask falls from 1 to 0 as a smoothstep between
 *           0.7 and 1 of its ellipse; colour is kept by taking the luminance (BT.601) of the face alone
 * Errors    ShapeError for other shapes
 * Cost      m masks and 4 k² loads per pixel, k = ⌈scale⌉ up to 4
 * Accuracy  one level where the exact value lies between two
 * Source    GPEN face_enhancement.py; its masks come from a network that finds the parts of faces
 */
export const paste: Kernel<Paste> = {
  name: "paste",
  wgsl,
  bindings: ["params", "x", "pixels", "faces", "blend", "y"],

  outputShape({ x, pixels, faces, blend }) {
    if (x.length !== 4 || x[0] !== 1 || x[1] !== 4) {
      throw new ShapeError(`paste: x ${show(x)} must be (1, 4, h, w), the pixels of one picture`);
    }
    if (!sameShape(pixels, [1, 4, 1, pixels[3]]) || faces.length !== 2 || faces[1] !== 16) {
      throw new ShapeError(
        `paste: pixels ${show(pixels)} must be (1, 4, 1, p) and faces ${show(faces)} (m, 16)`,
      );
    }
    if (!sameShape(blend, [2])) throw new ShapeError(`paste: blend ${show(blend)} must be (2)`);
    return x;
  },

  layouts: () => ({ x: RGBA8, pixels: RGBA8, faces: VECTOR, blend: VECTOR, y: RGBA8 }),

  plan: ({ x, faces: [m] }, band) => pixelwise(x, 1, band, { h: x[2], w: x[3], faces: m }),

  inputRows: (_args, name, rows) => (name === "pixels" ? [0, 1] : rows),
};
