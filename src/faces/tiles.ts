import type { Affine } from "./pyramid";

/** Side of the pictures that are searched, in pixels. */
export const TILE = 256;
/**
 * Narrowest face that is found in a tile: of held-out faces on patches of colour 30 of 32 were at
 * 16 px, and all at 18. With 16, photos take a fifth fewer tiles, and texture is more often a face.
 */
export const NARROWEST = 18;
/** Faces up to this width lie whole in one tile at least; wider ones are found at the next level. */
const OVERLAP = 64;
/** A picture of this side shows a face that fills it no wider than the network knows. */
const SMALLEST_LEVEL = 96;

/** A part of a photo at some scale. */
export interface Tile {
  readonly transform: Affine;
  /** Which of its sides are not those of the photo: faces across them are seen whole elsewhere. */
  readonly inner: { left: boolean; top: boolean; right: boolean; bottom: boolean };
}

/**
 * Tiles that cover the photo at scales of `NARROWEST / minSize`, half of that, a quarter and so on,
 * until a face that fills the photo is found too. Large faces come last.
 */
export function tilesOf(width: number, height: number, minSize: number): Tile[] {
  const tiles: Tile[] = [];
  const longest = Math.max(width, height);
  for (let scale = NARROWEST / minSize; ; scale /= 2) {
    for (const [top, below] of places(height * scale)) {
      for (const [left, after] of places(width * scale)) {
        tiles.push({
          transform: [1 / scale, 0, at(left, scale), 0, 1 / scale, at(top, scale)],
          inner: { left: left > 0, top: top > 0, right: after, bottom: below },
        });
      }
    }
    if (longest * scale <= SMALLEST_LEVEL) return tiles;
  }
}

/** Where a tile's first pixel has its centre in the photo. */
function at(first: number, scale: number): number {
  return (first + 0.5) / scale - 0.5;
}

/** First pixels of evenly spread tiles along a side, and whether another follows. */
function places(size: number): [first: number, more: boolean][] {
  const count = Math.max(1, Math.ceil((size - OVERLAP) / (TILE - OVERLAP)));
  const step = count > 1 ? (size - TILE) / (count - 1) : 0;
  return Array.from({ length: count }, (_, i) => [i * step, i + 1 < count]);
}
