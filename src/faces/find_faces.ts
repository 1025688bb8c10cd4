import type { DetectOptions, Face } from "../photo/face";
import type { Pixels } from "../restore/pixels";
import { type Candidate, candidatesOf, distinct, type Heads } from "./candidates";
import { fivePoints } from "./five_points";
import type { Network } from "./networks";
import { type Affine, nextTask, type Pyramid, pyramidOf, sample } from "./pyramid";
import { CROP, CROP_FACE, closeOf, closePoints, cropOf, moved, WIDE_FACE } from "./squares";
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
}

type Outputs = Readonly<Record<string, Float32Array>>;

/** Score from which on a place is looked at again: small faces and texture score alike in tiles. */
const LEAST_SCORE = 0.4;
/**
 * Least score there. The mean of both tells faces from texture better than either, and what is left
 * is looked at once more, in a wider crop, where it must not score less than is asked for.
 */
const LEAST_AGAIN = 0.3;
/** Overlap from which on two candidates are one face; MediaPipe's. */
const SAME = 0.3;

/** Faces of a photo; see loadFaceDetector. */
export async function findFaces(
  networks: Networks,
  photo: Pixels,
  { minScore, minSize, maxFaces }: Limits,
  { signal, onProgress }: DetectOptions,
): Promise<Face[]> {
  signal?.throwIfAborted();
  const pyramid = await pyramidOf(photo);
  const each = eachOf(pyramid, signal);
  const tiles = tilesOf(photo.width, photo.height, minSize);
  const units = tiles.length + 1; // the last one is all that follows the tiles
  onProgress?.(0, units);
  const seen = await each(
    networks.tiles,
    tiles.map(({ transform }) => transform),
    (outputs, i, at) => whole(candidatesOf(headsOf(outputs), i, TILE, LEAST_SCORE), tiles[at]),
    (done) => onProgress?.(done, units),
  );
  const candidates = distinct(seen.flat(), SAME);
  const look = lookIn(each, networks.crops);
  const again = (await look(candidates, CROP_FACE)).flatMap((face, i) =>
    face ? [{ ...face, score: (face.score + candidates[i].score) / 2 }] : [],
  );
  const likely = distinct(again, SAME).filter(
    ({ size, score }) => size >= minSize && score >= minScore,
  );
  const wider = await look(likely, WIDE_FACE);
  const faces = likely
    .map((face, i) => ({ ...face, score: Math.min(face.score, wider[i]?.score ?? 0) }))
    .filter(({ score }) => score >= minScore)
    .sort((a, b) => b.size - a.size)
    .slice(0, maxFaces);
  const squares = faces.map(closeOf);
  const found = await each(networks.close, squares, ({ points }, i, at) => {
    const { x, y, size, score } = faces[at];
    const box = { x: x - size / 2, y: y - size / 2, width: size, height: size };
    const close = closePoints(points.subarray(10 * i), squares[at]);
    return { box, points: fivePoints(faces[at], close), score };
  });
  onProgress?.(units, units);
  return found;
}

/** Runs networks over squares of the photo, batch by batch. */
function eachOf(pyramid: Pyramid, signal: AbortSignal | undefined) {
  return async <Result>(
    { batch, side, run }: Network,
    squares: readonly Affine[],
    take: (outputs: Outputs, i: number, at: number) => Result,
    report?: (done: number) => void,
  ): Promise<Result[]> => {
    const results: Result[] = [];
    const pixels = new Uint32Array(batch * side * side);
    for (let first = 0; first < squares.length; first += batch) {
      const chunk = squares.slice(first, first + batch);
      for (const [i, square] of chunk.entries())
        sample(pyramid, square, side, pixels, i * side * side);
      const outputs = await run(pixels, signal);
      for (const i of chunk.keys()) results.push(take(outputs, i, first + i));
      report?.(results.length);
      await nextTask();
    }
    signal?.throwIfAborted();
    return results;
  };
}

function headsOf({ head8, head16 }: Outputs): Heads {
  return { head8, head16 };
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

/** Looks at each face in a crop of its own, where it is `wide` pixels wide. */
function lookIn(each: ReturnType<typeof eachOf>, network: Network) {
  return (faces: readonly Candidate[], wide: number): Promise<(Candidate | undefined)[]> => {
    const crops = faces.map((face) => cropOf(face, wide));
    return each(network, crops, (outputs, i, at) =>
      inCrop(candidatesOf(headsOf(outputs), i, CROP, LEAST_AGAIN), crops[at], wide),
    );
  };
}

/** The candidate of a crop that is the face it was made for, in pixels of the photo. */
function inCrop(
  candidates: readonly Candidate[],
  transform: Affine,
  wide: number,
): Candidate | undefined {
  const centre = (CROP - 1) / 2;
  const near = candidates.filter(
    ({ x, y, size }) =>
      Math.hypot(x - centre, y - centre) < wide / 2 && size > wide / 2 && size < wide * 2,
  );
  const [best] = distinct(near, SAME);
  return best && moved(best, transform);
}
