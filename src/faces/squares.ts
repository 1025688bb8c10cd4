import type { FacePoints, Point } from "../photo/face";
import type { Candidate } from "./candidates";
import { LANDMARKS_SIDE } from "./landmarks";
import type { Affine } from "./pyramid";

/** Side of the crop in which a face is looked at again, the one that BlazeFace was trained at. */
export const CROP = 128;
/** Width of the face in it: from 24 to 60 px eyes lie within 4 to 6 % of their distance, the least. */
export const CROP_FACE = 48;
/**
 * Width of the face in a last crop, with more of what is around it: there faces have 0.73 and more,
 * degraded ones too, and texture that both looks before took for one (0.45 and more) has 0.51 at most;
 * at 40 px and wider the two overlap (60 faces, 16 places of texture).
 */
export const WIDE_FACE = 34;

/**
 * The square that the five points are found in, in distances of the eyes: its side, and how far below
 * the eyes its centre lies. Moved and turned a little, it gives points that vary by 1.5 %, the least
 * of sides from 2 to 4 and centres from 0.2 to 0.65.
 */
const CLOSE_SIDE = 2.9;
const CLOSE_BELOW = 0.55;

/**
 * Faces are taken as upright up to this many radians: 20 degrees. Both networks know faces turned by
 * more, and where eyes are blurred their line says little.
 */
const UPRIGHT = 0.35;

/** The crop around a candidate, `face` pixels wide in it, turned so that its eyes are level. */
export function cropOf({ x, y, size, points }: Candidate, face: number): Affine {
  const angle = Math.atan2(points[3] - points[1], points[2] - points[0]);
  return square(x, y, (size * CROP) / face, Math.abs(angle) < UPRIGHT ? 0 : angle, CROP);
}

/** The square around a face that the landmarks' network takes. */
export function closeOf({ points: [x0, y0, x1, y1] }: Candidate): Affine {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const [x, y] = [(x0 + x1) / 2 - CLOSE_BELOW * dy, (y0 + y1) / 2 + CLOSE_BELOW * dx];
  return square(x, y, CLOSE_SIDE * Math.hypot(dx, dy), Math.atan2(dy, dx), LANDMARKS_SIDE);
}

/** `pixels` pixels a side that show `width` pixels of the photo around (x, y), turned by the angle. */
function square(x: number, y: number, width: number, angle: number, pixels: number): Affine {
  const scale = width / pixels;
  const [cos, sin] = [Math.cos(angle) * scale, Math.sin(angle) * scale];
  const centre = (pixels - 1) / 2;
  return [cos, -sin, x - centre * (cos - sin), sin, cos, y - centre * (sin + cos)];
}

/** A candidate of a square, in pixels of the photo. */
export function moved({ score, x, y, size, points }: Candidate, transform: Affine): Candidate {
  const there = [0, 2, 4, 6].map((i) => through(transform, points[i], points[i + 1]));
  return {
    score,
    ...through(transform, x, y),
    size: size * Math.hypot(transform[0], transform[3]),
    points: there.flatMap((point) => [point.x, point.y]),
  };
}

/** The landmarks' x and y, as parts of the square's side, in pixels of the photo. */
export function closePoints(parts: Float32Array, transform: Affine): FacePoints {
  const [leftEye, rightEye, nose, mouthLeft, mouthRight] = [0, 2, 4, 6, 8].map((i) =>
    through(transform, parts[i] * LANDMARKS_SIDE - 0.5, parts[i + 1] * LANDMARKS_SIDE - 0.5),
  );
  return { leftEye, rightEye, nose, mouthLeft, mouthRight };
}

function through([a, b, c, d, e, f]: Affine, x: number, y: number): Point {
  return { x: a * x + b * y + c, y: d * x + e * y + f };
}
