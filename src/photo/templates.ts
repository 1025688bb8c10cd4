import { ShapeError } from "../errors";
import type { FacePoints, Point } from "./face";
import { apply, resizing, type Transform } from "./transform";

/** Where a model expects eyes, nose and mouth; it works best on faces aligned as it was trained. */
export type TemplateName = "gpen" | "ffhq" | "arcface";

/**
 * Left eye, right eye, nose, left and right corner of the mouth in a picture of 512 px.
 *
 * Source    gpen: the authors' demo (face_enhancement.py: a square of 512 px, inner padding 0.25);
 *           ffhq and arcface: facefusion's templates ffhq_512 and arcface_128, which crop 17 and 31 %
 *           tighter than the demo
 */
const TEMPLATES: Readonly<Record<TemplateName, readonly number[]>> = {
  gpen: [202, 242.9, 309.4, 242.3, 256.1, 304, 212, 366.8, 300.9, 366.3],
  ffhq: [193, 240, 318.9, 240.2, 256.6, 314, 201.3, 371.4, 313.1, 371.2],
  arcface: [185.2, 206.8, 326.1, 206, 256.1, 286.9, 198.2, 369.5, 314.9, 368.8],
};

const TEMPLATE_SIZE = 512;

export const TEMPLATE_NAMES = Object.keys(TEMPLATES) as readonly TemplateName[];

/** The points of a template in a picture of `side` px. Throws ShapeError for an unknown name. */
export function templatePoints(name: TemplateName, side: number): readonly Point[] {
  if (!Object.hasOwn(TEMPLATES, name)) {
    throw new ShapeError(`align: template ${name} must be one of ${TEMPLATE_NAMES.join(", ")}`);
  }
  const numbers: readonly number[] = TEMPLATES[name];
  const toSide: Transform = resizing(side / TEMPLATE_SIZE, side / TEMPLATE_SIZE);
  return [0, 2, 4, 6, 8].map((i) => apply(toSide, { x: numbers[i], y: numbers[i + 1] }));
}

/** The order in which templates list points. */
export function pointsOf(points: FacePoints): readonly Point[] {
  const { leftEye, rightEye, nose, mouthLeft, mouthRight } = points;
  return [leftEye, rightEye, nose, mouthLeft, mouthRight];
}

/** Published models (256 px and more) take the authors' crop, the embedded one that of FFHQ. */
export function templateFor({ inSize }: { readonly inSize: number }): TemplateName {
  return inSize < 256 ? "ffhq" : "gpen";
}
