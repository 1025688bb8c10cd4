import type { Gpu } from "../gpu/open";
import { input, op } from "../graph/node";
import { writeBytes, writeInput } from "../graph/run_alone";
import { RGBA8, VECTOR } from "../kernels/layout";
import { warp } from "../kernels/warp";
import type { Picture, Pixels } from "../restore/pixels";
import type { Face, Point } from "./face";
import { runOnce } from "./run_once";
import { similarity } from "./similarity";
import { pointsOf, type TemplateName, templatePoints } from "./templates";
import { apply, compose, inverse, scaleOf, type Transform } from "./transform";
import { around, windowOf } from "./window";

/** Most pixels of a photo that one face is cropped from on the GPU: 64 MB. */
const MOST_PIXELS = 2 ** 24;
/** How far the warp kernel shrinks without leaving pixels out. */
const MOST_SHRINKING = 16;

/** Pixels of a face aligned to `side` px by the template, to pixels of the photo. */
export function alignment({ points }: Face, template: TemplateName, side: number): Transform {
  return inverse(similarity(pointsOf(points), templatePoints(template, side)));
}

/** Where the mirror beyond the photo shows a point from; the photo may have to be there too. */
function mirrored({ x, y }: Point, { width, height }: Pixels): Point {
  const within = (at: number, last: number) => (at < 0 ? -at : Math.min(at, 2 * last - at));
  return { x: within(x, width - 1), y: within(y, height - 1) };
}

/**
 * The aligned picture of a face: the part of the photo that it takes, warped. What lies beyond the
 * photo is the photo mirrored, as in FFHQ.
 *
 * Shapes    photo (h, w, 4) → (side, side, 4), opaque
 */
export async function cropFace(
  gpu: Gpu,
  photo: Pixels,
  toPhoto: Transform,
  side: number,
  signal?: AbortSignal,
): Promise<Picture> {
  const corners = [-1, side].flatMap((y) => [-1, side].map((x) => apply(toPhoto, { x, y })));
  const taken = around([...corners, ...corners.map((at) => mirrored(at, photo))], 2, photo);
  const area = taken.width * taken.height;
  const block = Math.ceil(
    Math.max(1, scaleOf(toPhoto) / MOST_SHRINKING, Math.sqrt(area / MOST_PIXELS)),
  );
  const part = windowOf(photo, taken, block);
  const y = op(
    warp,
    "aligned",
    {
      x: input("x", [1, 4, part.height, part.width], RGBA8),
      transforms: input("transforms", [1, 6], VECTOR),
    },
    { size: { h: side, w: side }, outside: "mirror" },
  );
  const fill = (executable: Parameters<typeof writeBytes>[0]) => {
    writeBytes(executable, "x", part.data);
    writeInput(executable, "transforms", Float32Array.from(compose(part.from, toPhoto)));
  };
  return { data: await runOnce(gpu, y, fill, signal), width: side, height: side };
}
