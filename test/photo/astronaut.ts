import type { Face } from "../../src/photo/face";
import { pointsOf, templatePoints } from "../../src/photo/templates";
import { apply, type Transform } from "../../src/photo/transform";

/** From the aligned example of 128 px to the photo of 512 px; examples/README.md has the numbers. */
export const ASTRONAUT: Transform = [1.29235, -0.03699, 144.084, 0.03699, 1.29235, 21.083];

/** A face that the template aligns by exactly this transform (of a crop of `side` px). */
export function faceAt(toPhoto: Transform, side = 128, template: "ffhq" | "gpen" = "ffhq"): Face {
  const [leftEye, rightEye, nose, mouthLeft, mouthRight] = templatePoints(template, side).map(
    (point) => apply(toPhoto, point),
  );
  const points = { leftEye, rightEye, nose, mouthLeft, mouthRight };
  const xs = pointsOf(points).map(({ x }) => x);
  const ys = pointsOf(points).map(({ y }) => y);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  const box = { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
  return { box, points, score: 1 };
}
