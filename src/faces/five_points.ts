import type { FacePoints, Point } from "../photo/face";
import type { Candidate } from "./candidates";

/** Most that the landmarks' eyes may lie away from BlazeFace's, in distances of the eyes. */
const AGREED = 0.25;
/**
 * The corners of a mouth from its centre, in distances of the eyes: half their distance is that of the
 * FFHQ template, and the centre lies lower than both on the 16 held-out faces.
 */
const HALF_MOUTH = 0.445;
const CENTRE_LOWER = 0.06;

/**
 * The points that the landmarks' network gives, or those of BlazeFace where the two do not agree about
 * the eyes: sharp faces have the first within 3 % of the eyes' distance, but on faces so degraded that
 * they disagree, BlazeFace's are nearer (0.3 and 0.5 in three of four; 16 held-out faces).
 */
export function fivePoints({ points }: Candidate, close: FacePoints): FacePoints {
  const [leftEye, rightEye, nose, mouth] = [0, 2, 4, 6].map((i) => ({
    x: points[i],
    y: points[i + 1],
  }));
  const [dx, dy] = [rightEye.x - leftEye.x, rightEye.y - leftEye.y];
  const off = Math.max(distance(leftEye, close.leftEye), distance(rightEye, close.rightEye));
  if (off <= AGREED * Math.hypot(dx, dy)) return close;
  const corner = (side: number): Point => ({
    x: mouth.x + side * HALF_MOUTH * dx + CENTRE_LOWER * dy,
    y: mouth.y + side * HALF_MOUTH * dy - CENTRE_LOWER * dx,
  });
  return { leftEye, rightEye, nose, mouthLeft: corner(-1), mouthRight: corner(1) };
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
