import { ShapeError } from "../errors";
import type { Point } from "./face";
import type { Transform } from "./transform";

/**
 * The similarity (turned, scaled, moved; never mirrored) that brings `from` closest to `to` in the
 * least-squares sense. With both as complex numbers about their means it is Σ conj(p) q / Σ |p|².
 *
 * Errors    ShapeError if points are not numbers, or all lie in one place
 * Source    S. Umeyama, Least-squares estimation of transformation parameters, 1991
 */
export function similarity(from: readonly Point[], to: readonly Point[]): Transform {
  const [p0, q0] = [mean(from), mean(to)];
  let [a, b, spread] = [0, 0, 0];
  for (const [i, point] of from.entries()) {
    const [px, py] = [point.x - p0.x, point.y - p0.y];
    const [qx, qy] = [to[i].x - q0.x, to[i].y - q0.y];
    a += px * qx + py * qy;
    b += px * qy - py * qx;
    spread += px * px + py * py;
  }
  if (!(spread > 0 && Number.isFinite(a + b) && a * a + b * b > 0)) {
    const points = from.map(({ x, y }) => `(${x}, ${y})`).join(" ");
    throw new ShapeError(
      `align: the points ${points} must be the eyes, nose and corners of the mouth of a face, in different places`,
    );
  }
  [a, b] = [a / spread, b / spread];
  return [a, -b, q0.x - a * p0.x + b * p0.y, b, a, q0.y - b * p0.x - a * p0.y];
}

function mean(points: readonly Point[]): Point {
  const sum = (of: (point: Point) => number) => points.reduce((total, each) => total + of(each), 0);
  return { x: sum(({ x }) => x) / points.length, y: sum(({ y }) => y) / points.length };
}
