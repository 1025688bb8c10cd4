import { type TemplateName, templatePoints } from "./templates";

/** An ellipse in pixels of the aligned face. */
export interface Ellipse {
  readonly x: number;
  readonly y: number;
  readonly radiusX: number;
  readonly radiusY: number;
}

/** Left out along the crop's edge, of its side: 10 px of 512, and little of the face counts nearby. */
const EDGE = 0.02;

/**
 * Where a restored face is pasted: from forehead to chin and from ear to ear, by the template's
 * distances between and below the eyes, and never within 2 % of the crop's edge. The mask is 1 inside
 * 0.7 of the ellipse (kernels/paste.ts) and falls to 0 at its edge: over 63 px of 512 with `ffhq`.
 */
export function maskEllipse(template: TemplateName, side: number): Ellipse {
  const [left, right, , mouthLeft, mouthRight] = templatePoints(template, side);
  const [eyes, mouth] = [(left.y + right.y) / 2, (mouthLeft.y + mouthRight.y) / 2];
  const x = (left.x + right.x) / 2;
  const y = eyes + 0.4 * (mouth - eyes);
  const room = (at: number) => Math.min(at, side - 1 - at) - EDGE * side;
  return {
    x,
    y,
    radiusX: Math.min(1.7 * (right.x - left.x), room(x)),
    radiusY: Math.min(1.7 * (mouth - eyes), room(y)),
  };
}
