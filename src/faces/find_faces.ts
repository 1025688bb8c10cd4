import type { Face, FacePoints, Point } from "../photo/face";
import type { Pixels } from "../restore/pixels";
import { type Candidate, candidatesOf, distinct, type Heads } from "./candidates";
import type { Network } from "./networks";
import { type Affine, nextTask, type Pyramid, pyramidOf, sample } from "./pyramid";
import { TILE, type Tile, tilesOf } from "./tiles";

interface Networks {
  readonly tiles: Network;
  readonly crops: Network;
  readonly close: Network;
}

interface Limits {
  readonly minScore: number;
  readonly minSize: number;
  readonly maxFaces: number;
  readonly signal?: AbortSignal;
}

/** Score from which on a place is looked at again: texture and small faces score alike in tiles. */
const LEAST_SCORE = 0.4;
/** Overlap from which on two candidates are one face. */
const SAME = 0.3;
/** Width of a face in the crop of 128 px that is looked at again; there eyes lie within 4 % of their distance. */
const CROP_FACE = 48;
/** The square that the five points are found in: side, and how far it lies below the eyes, in distances of the eyes. */
const CLOSE_SIDE = 2.9;
const CLOSE_BELOW = 0.55;

/** Faces of a photo; see loadFaceDetector. */
export async function findFaces(
  networks: Networks,
  photo: Pixels,
  limits: Limits,
): Promise<Face[]> {
  const { minScore, minSize, maxFaces, signal } = limits;
  signal?.throwIfAborted();
  const pyramid = await pyramidOf(photo);
  const tiles = tilesOf(photo.width, photo.height, minSize);
  const seen = await eachOf(
    networks.tiles,
    pyramid,
    tiles.map(({ transform }) => transform),
    (outputs, i, at) =>
      whole(candidatesOf(outputs as unknown as Heads, i, TILE, LEAST_SCORE), tiles[at]),
    signal,
  );
  const places = distinct(seen.flat(), SAME).map(cropOf);
  const again = await eachOf(
    networks.crops,
    pyramid,
    places,
    (outputs, i, at) =>
      inCrop(candidatesOf(outputs as unknown as Heads, i, 2 * 64, minScore), places[at]),
    signal,
  );
  const faces = distinct(again.flat(), SAME)
    .filter(({ size }) => size >= minSize)
    .sort((a, b) => b.size - a.size)
    .slice(0, maxFaces);
  const squares = faces.map(closeOf);
  return eachOf(
    networks.close,
    pyramid,
    squares,
    ({ points }, i, at) => faceOf(faces[at], fivePoints(points.subarray(10 * i), squares[at])),
    signal,
  );
}

/** Runs a network over squares of the photo, batch by batch. */
async function eachOf<Result>(
  { batch, side, run }: Network,
  pyramid: Pyramid,
  squares: readonly Affine[],
  take: (outputs: Readonly<Record<string, Float32Array>>, i: number, at: number) => Result,
  signal: AbortSignal | undefined,
): Promise<Result[]> {
  const results: Result[] = [];
  const pixels = new Uint32Array(batch * side * side);
  for (let first = 0; first < squares.length; first += batch) {
    const chunk = squares.slice(first, first + batch);
    for (const [i, square] of chunk.entries())
      sample(pyramid, square, side, pixels, i * side * side);
    const outputs = await run(pixels, signal);
    for (const i of chunk.keys()) results.push(take(outputs, i, first + i));
    await nextTask();
  }
  signal?.throwIfAborted();
  return results;
}

/** Candidates of a tile in pixels of the photo, without those that its inner sides cut. */
function whole(candidates: readonly Candidate[], { transform, inner }: Tile): Candidate[] {
  return candidates
    .filter(({ x, y, size }) => {
      const [near, far] = [size / 2, TILE - size / 2];
      const cut = (inner.left && x < near) || (inner.right && x > far);
      return !cut && !(inner.top && y < near) && !(inner.bottom && y > far);
    })
    .map((candidate) => moved(candidate, transform));
}

/** The candidate of a crop that is the face it was made for, in pixels of the photo. */
function inCrop(candidates: readonly Candidate[], transform: Affine): Candidate[] {
  const centre = (CROPS_SIDE - 1) / 2;
  const near = candidates.filter(
    ({ x, y, size }) =>
      Math.hypot(x - centre, y - centre) < CROP_FACE / 2 &&
      size > CROP_FACE / 2 &&
      size < CROP_FACE * 2,
  );
  return distinct(near, SAME)
    .slice(0, 1)
    .map((candidate) => moved(candidate, transform));
}
const CROPS_SIDE = 128;

function moved({ score, x, y, size, eyes }: Candidate, transform: Affine): Candidate {
  const [centre, left, right] = [
    through(transform, x, y),
    through(transform, eyes[0], eyes[1]),
    through(transform, eyes[2], eyes[3]),
  ];
  const scale = Math.hypot(transform[0], transform[3]);
  return {
    score,
    x: centre.x,
    y: centre.y,
    size: size * scale,
    eyes: [left.x, left.y, right.x, right.y],
  };
}

function through([a, b, c, d, e, f]: Affine, x: number, y: number): Point {
  return { x: a * x + b * y + c, y: d * x + e * y + f };
}

/** The square around a candidate, turned so that its eyes are level. */
function cropOf({ x, y, size, eyes }: Candidate): Affine {
  return square(x, y, (size * CROPS_SIDE) / CROP_FACE, eyes, CROPS_SIDE);
}

function closeOf({ eyes }: Candidate): Affine {
  const [x0, y0, x1, y1] = eyes;
  const [dx, dy] = [x1 - x0, y1 - y0];
  const [x, y] = [(x0 + x1) / 2 - CLOSE_BELOW * dy, (y0 + y1) / 2 + CLOSE_BELOW * dx];
  return square(x, y, CLOSE_SIDE * Math.hypot(dx, dy), eyes, CLOSE_PIXELS);
}
const CLOSE_PIXELS = 112;

/** `pixels` pixels a side that show `width` pixels of the photo around (x, y). */
function square(
  x: number,
  y: number,
  width: number,
  [x0, y0, x1, y1]: Candidate["eyes"],
  pixels: number,
): Affine {
  const scale = width / pixels / Math.hypot(x1 - x0, y1 - y0);
  const [cos, sin] = [(x1 - x0) * scale, (y1 - y0) * scale];
  const centre = (pixels - 1) / 2;
  return [cos, -sin, x - centre * (cos - sin), sin, cos, y - centre * (sin + cos)];
}

function fivePoints(parts: Float32Array, transform: Affine): FacePoints {
  const point = (i: number) =>
    through(transform, parts[2 * i] * CLOSE_PIXELS - 0.5, parts[2 * i + 1] * CLOSE_PIXELS - 0.5);
  return {
    leftEye: point(0),
    rightEye: point(1),
    nose: point(2),
    mouthLeft: point(3),
    mouthRight: point(4),
  };
}

function faceOf({ x, y, size, score }: Candidate, points: FacePoints): Face {
  return { box: { x: x - size / 2, y: y - size / 2, width: size, height: size }, points, score };
}
