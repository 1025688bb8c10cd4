import type { Pixels } from "../restore/pixels";
import type { Ellipse } from "./mask";
import { apply, compose, inverse, scaleOf, type Transform } from "./transform";
import { around, type Rectangle, windowOf } from "./window";

/** A restored face and where it belongs. */
export interface Placed {
  readonly pixels: Pixels;
  /** Pixels of the restored face to pixels of the picture that it is pasted into. */
  readonly toPhoto: Transform;
  /** The mask, in pixels of the restored face. */
  readonly mask: Ellipse;
}

/** A part of the picture that faces change, and what the paste kernel needs for it. */
export interface Region extends Rectangle {
  /** Which faces reach into it, by index. */
  readonly faces: readonly number[];
  /** Their pixels one after another, and the kernel's rows (m, 16) for them. */
  readonly pixels: Uint8ClampedArray;
  readonly rows: Float32Array;
}

/** Most pixels of all faces in a region: 4 MB of photo, and 32 MB of faces if all are turned by 45°. */
const MOST_PIXELS = 2 ** 20;
/** Smaller regions are not worth splitting. */
const LEAST_SIDE = 64;

/**
 * The rectangles that hold every pixel under a mask and little else; no pixel lies in two of them.
 * Rectangles are halved until what they hold is mostly faces, and fits into little memory.
 */
export function planRegions(
  faces: readonly Placed[],
  size: { readonly width: number; readonly height: number },
): Region[] {
  const boxes = faces.map(({ toPhoto, mask }) => boxOf(toPhoto, mask));
  const plan = (within: Rectangle): Region[] => {
    const parts = boxes.map((box) => common(box, within));
    const touched = parts.flatMap((part, i) => (part ? [i] : []));
    const kept = parts.filter((part) => part !== undefined);
    if (kept.length === 0) return [];
    const whole = hull(kept);
    const covered = kept.reduce((sum, part) => sum + areaOf(part), 0);
    const large = covered > MOST_PIXELS || areaOf(whole) > 2 * covered;
    if (large && Math.max(whole.width, whole.height) > LEAST_SIDE)
      return halves(whole).flatMap(plan);
    return [regionOf(faces, touched, parts, whole)];
  };
  const { width, height } = size; // of an ImageData they are getters, which a spread leaves out
  return plan({ x: 0, y: 0, width, height });
}

function regionOf(
  faces: readonly Placed[],
  touched: readonly number[],
  parts: readonly (Rectangle | undefined)[],
  whole: Rectangle,
): Region {
  const windows = touched.map((i) => faceWindow(faces[i], parts[i]!));
  const pixels = new Uint8ClampedArray(windows.reduce((sum, { data }) => sum + data.length, 0));
  const rows: number[] = [];
  let first = 0;
  for (const [at, i] of touched.entries()) {
    const { data, width, height, from } = windows[at];
    const { mask, toPhoto } = faces[i];
    const toPart: Transform = [1, 0, whole.x, 0, 1, whole.y];
    const centre = apply(from, mask);
    const radii = [from[0] * mask.radiusX, from[4] * mask.radiusY];
    pixels.set(data, 4 * first);
    rows.push(...compose(compose(from, inverse(toPhoto)), toPart), width, height, first);
    rows.push(centre.x, centre.y, 1 / radii[0], 1 / radii[1], 1, 0, 0);
    first += width * height;
  }
  return { ...whole, faces: touched, pixels, rows: Float32Array.from(rows) };
}

/** What a part of the photo shows of a face, its pixels averaged in blocks where it is shrunk. */
function faceWindow({ pixels, toPhoto }: Placed, part: Rectangle) {
  const toFace = inverse(toPhoto);
  const block = Math.max(1, Math.floor(scaleOf(toFace) + 1e-3));
  const corners = [part.y - 1, part.y + part.height].flatMap((y) =>
    [part.x - 1, part.x + part.width].map((x) => apply(toFace, { x, y })),
  );
  const { x, y, width, height } = around(corners, 2 * block + 1, pixels);
  // From whole blocks on, so that neighbouring regions average the same ones.
  const [left, top] = [x % block, y % block];
  const taken = { x: x - left, y: y - top, width: width + left, height: height + top };
  return windowOf(pixels, taken, block);
}

/** The pixels that an ellipse covers once it is transformed. */
function boxOf(toPhoto: Transform, { x, y, radiusX, radiusY }: Ellipse): Rectangle {
  const [a, b, , d, e] = toPhoto;
  const centre = apply(toPhoto, { x, y });
  const [rx, ry] = [Math.hypot(a * radiusX, b * radiusY), Math.hypot(d * radiusX, e * radiusY)];
  const [left, top] = [Math.floor(centre.x - rx), Math.floor(centre.y - ry)];
  return {
    x: left,
    y: top,
    width: Math.ceil(centre.x + rx) - left + 1,
    height: Math.ceil(centre.y + ry) - top + 1,
  };
}

function common(a: Rectangle, b: Rectangle): Rectangle | undefined {
  const [x, y] = [Math.max(a.x, b.x), Math.max(a.y, b.y)];
  const width = Math.min(a.x + a.width, b.x + b.width) - x;
  const height = Math.min(a.y + a.height, b.y + b.height) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : undefined;
}

function hull(parts: readonly Rectangle[]): Rectangle {
  const x = Math.min(...parts.map((part) => part.x));
  const y = Math.min(...parts.map((part) => part.y));
  const right = Math.max(...parts.map((part) => part.x + part.width));
  const bottom = Math.max(...parts.map((part) => part.y + part.height));
  return { x, y, width: right - x, height: bottom - y };
}

function halves({ x, y, width, height }: Rectangle): Rectangle[] {
  const [w, h] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  return width >= height
    ? [
        { x, y, width: w, height },
        { x: x + w, y, width: width - w, height },
      ]
    : [
        { x, y, width, height: h },
        { x, y: y + h, width, height: height - h },
      ];
}

function areaOf({ width, height }: Rectangle): number {
  return width * height;
}
