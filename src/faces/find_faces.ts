import type { DetectOptions, Face } from "../photo/face";
import type { Pixels } from "../restore/pixels";
import type { Size } from "../tensor";
import { type Candidate, candidatesOf, distinct, type Heads } from "./candidates";
import { fivePoints } from "./five_points";
import type { Network } from "./networks";
import { type Affine, nextTask, type Pyramid, pyramidOf, sample } from "./pyramid";
import { CROP, CROP_FACE, closeOf, closePoints, cropOf, moved, WIDE_FACE } from "./squares";
import { type Tile, tilesOf } from "./tiles";

interface Networks {
  /** For one tile of this size, at most `longestTile` a side. */
  tile(size: Size): Network;
  readonly longestTile: number;
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
  const tiles = tilesOf(photo.width, photo.height, minSize, networks.longestTile);
  const units = tiles.length + 1; // the last one is all that follows the tiles
  onProgress?.(0, units);
  const seen: Candidate[] = [];
  for (const [i, tile] of tiles.entries()) {
    const found = await each(networks.tile(tile), [tile.transform], (outputs) =>
      whole(candidatesOf(headsOf(outputs), 0, tile, LEAST_SCORE), tile),
    );
    seen.push(...found.flat());
    onProgress?.(i + 1, units);
  }
  const candidates = distinct(seen, SAME);
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

/** Runs networks over parts of the photo, batch by batch. */
function eachOf(pyramid: Pyramid, signal: AbortSignal | undefined) {
  return async <Result>(
    { batch, width, height, run }: Network,
    parts: readonly Affine[],
    take: (outputs: Outputs, i: number, at: number) => Result,
  ): Promise<Result[]> => {
    const results: Result[] = [];
    const area = width * height;
    const pixels = new Uint32Array(batch * area);
    for (let first = 0; first < parts.length; first += batch) {
      const chunk = parts.slice(first, first + batch);
      for (const [i, part] of chunk.entries())
        sample(pyramid, part, { width, height }, pixels, i * area);
      const outputs = await run(pixels, signal);
      for (const i of chunk.keys()) results.push(take(outputs, i, first + i));
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
function whole(candidates: readonly Candidate[], tile: Tile): Candidate[] {
  const { transform, inner, width, height } = tile;
  return candidates
    .filter(({ x, y, size }) => {
      const half = size / 2;
      const cut = (inner.left && x < half) || (inner.right && x > width - half);
      return !cut && !(inner.top && y < half) && !(inner.bottom && y > height - half);
    })
    .map((candidate) => moved(candidate, transform));
}

/** Looks at each face in a crop of its own, where it is `wide` pixels wide. */
function lookIn(each: ReturnType<typeof eachOf>, network: Network) {
  return (faces: readonly Candidate[], wide: number): Promise<(Candidate | undefined)[]> => {
    const crops = faces.map((face) => cropOf(face, wide));
    return each(network, crops, (outputs, i, at) =>
      inCrop(candidatesOf(headsOf(outputs), i, network, LEAST_AGAIN), crops[at], wide),
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
