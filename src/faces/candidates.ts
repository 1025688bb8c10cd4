import type { Size } from "../tensor";
import { ANCHORS, BOX } from "./blaze_face";

/** A face as BlazeFace gives it: pixels of the picture that it lies in, centres at whole numbers. */
export interface Candidate {
  readonly score: number;
  /** Centre and width of its square. */
  readonly x: number;
  readonly y: number;
  readonly size: number;
  /** x and y of the left eye, the right eye, the tip of the nose, the centre of the mouth. */
  readonly points: readonly number[];
}

/** Outputs of a batch in natural order, (n, anchors · 17, h / 8, w / 8) and a sixteenth. */
export interface Heads {
  readonly head8: Float32Array;
  readonly head16: Float32Array;
}

/** Candidates of picture i of a batch whose score is at least `least`. */
export function candidatesOf(
  heads: Heads,
  i: number,
  { width, height }: Size,
  least: number,
): Candidate[] {
  const found: Candidate[] = [];
  const logit = Math.log(least / (1 - least));
  for (const stride of [8, 16] as const) {
    const anchors = ANCHORS[`head${stride}`];
    const columns = width / stride;
    const places = columns * (height / stride);
    const channels = anchors * (1 + BOX);
    const values = heads[`head${stride}`].subarray(i * channels * places);
    for (let at = 0; at < anchors * places; at++) {
      if (!(values[at] >= logit)) continue;
      const [anchor, place] = [Math.floor(at / places), at % places];
      const box = (k: number) => values[(anchors + anchor * BOX + k) * places + place];
      const px = ((place % columns) + 0.5) * stride - 0.5;
      const py = (Math.floor(place / columns) + 0.5) * stride - 0.5;
      found.push({
        score: 1 / (1 + Math.exp(-values[at])),
        x: px + box(0),
        y: py + box(1),
        size: box(2),
        points: Array.from({ length: 8 }, (_, k) => (k % 2 ? py : px) + box(4 + k)),
      });
    }
  }
  return found;
}

/** Overlap of two squares, as a part of what they cover together. */
export function overlap(a: Candidate, b: Candidate): number {
  const side = (p: number, q: number) =>
    Math.max(
      0,
      Math.min(p + a.size / 2, q + b.size / 2) - Math.max(p - a.size / 2, q - b.size / 2),
    );
  const shared = side(a.x, b.x) * side(a.y, b.y);
  return shared / (a.size ** 2 + b.size ** 2 - shared);
}

/**
 * One candidate per face: the best, and those that overlap with it by more than `most` joined to it,
 * each by the weight of its score.
 */
export function distinct(candidates: readonly Candidate[], most: number): Candidate[] {
  const kept: Candidate[] = [];
  let rest = candidates.toSorted((a, b) => b.score - a.score);
  while (rest.length > 0) {
    const [best] = rest;
    const [same, others]: [Candidate[], Candidate[]] = [[], []];
    for (const each of rest)
      (each === best || overlap(each, best) > most ? same : others).push(each);
    kept.push(mean(same, best.score));
    rest = others;
  }
  return kept;
}

function mean(all: readonly Candidate[], score: number): Candidate {
  const total = all.reduce((sum, each) => sum + each.score, 0);
  const of = (value: (each: Candidate) => number) =>
    all.reduce((sum, each) => sum + each.score * value(each), 0) / total;
  return {
    score,
    x: of(({ x }) => x),
    y: of(({ y }) => y),
    size: of(({ size }) => size),
    points: all[0].points.map((_, k) => of(({ points }) => points[k])),
  };
}
