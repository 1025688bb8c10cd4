import type { Point } from "./face";

/** An affine transform: (x, y) → (a x + b y + c, d x + e y + f), in pixels. */
export type Transform = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

export function apply([a, b, c, d, e, f]: Transform, { x, y }: Point): Point {
  return { x: a * x + b * y + c, y: d * x + e * y + f };
}

/** First `inner`, then `outer`. */
export function compose(outer: Transform, inner: Transform): Transform {
  const [a, b, c, d, e, f] = outer;
  const [p, q, r, s, t, u] = inner;
  return [
    a * p + b * s,
    a * q + b * t,
    a * r + b * u + c,
    d * p + e * s,
    d * q + e * t,
    d * r + e * u + f,
  ];
}

export function inverse([a, b, c, d, e, f]: Transform): Transform {
  const det = a * e - b * d;
  return [e / det, -b / det, (b * f - c * e) / det, -d / det, a / det, (c * d - a * f) / det];
}

/** How many pixels of its output one pixel of its input becomes, along a side. */
export function scaleOf([a, b, , d, e]: Transform): number {
  return Math.sqrt(Math.abs(a * e - b * d));
}

/** Pixels of a picture to pixels of the same picture at another size: corners on corners. */
export function resizing(scaleX: number, scaleY: number): Transform {
  return [scaleX, 0, (scaleX - 1) / 2, 0, scaleY, (scaleY - 1) / 2];
}
