import type { Size } from "../tensor";
import type { Affine } from "./pyramid";

/**
 * Narrowest face that is found in a tile: of held-out faces on patches of colour 30 of 32 were at
 * 16 px, and all at 18. With 16, photos take a fifth fewer tiles, and texture is more often a face.
 */
export const NARROWEST = 18;
/** Faces up to this width lie whole in one tile at least; wider ones are found at the next level. */
const OVERLAP = 64;
/** A picture of this side shows a face that fills it no wider than the network knows. */
const SMALLEST_LEVEL = 96;
/** Sides of tiles are multiples of it: of the network's 16, and so that photos of like sizes share them. */
const STEP = 32;

/** A part of a photo at some scale. */
export interface Tile extends Size {
  readonly transform: Affine;
  /** Which of its sides are not those of the photo: faces across them are seen whole elsewhere. */
  readonly inner: { left: boolean; top: boolean; right: boolean; bottom: boolean };
}

/**
 * Tiles of at most `longest` pixels a side that cover the photo at scales of `NARROWEST / minSize`, half
 * of that, a quarter and so on, until a face that fills the photo is found too. As few as can be, and
 * no larger than they need to be; large faces come last.
 */
export function tilesOf(width: number, height: number, minSize: number, longest: number): Tile[] {
  const tiles: Tile[] = [];
  for (let scale = NARROWEST / minSize; ; scale /= 2) {
    const rows = places(height * scale, longest);
    const columns = places(width * scale, longest);
    for (const [top, below] of rows.places) {
      for (const [left, after] of columns.places) {
        tiles.push({
          width: columns.side,
          height: rows.side,
          transform: [1 / scale, 0, at(left, scale), 0, 1 / scale, at(top, scale)],
          inner: { left: left > 0, top: top > 0, right: after, bottom: below },
        });
      }
    }
    if (Math.max(width, height) * scale <= SMALLEST_LEVEL) return tiles;
  }
}

/** Where a tile's first pixel has its centre in the photo. */
function at(first: number, scale: number): number {
  return (first + 0.5) / scale - 0.5;
}

/** Sides of the tiles along `size` pixels, their first pixels, and whether another follows. */
function places(size: number, longest: number) {
  const count = size <= longest ? 1 : Math.ceil((size - OVERLAP) / (longest - OVERLAP));
  const least = count > 1 ? (size - OVERLAP) / count + OVERLAP : size;
  const side = STEP * Math.max(2, Math.ceil(least / STEP));
  const step = count > 1 ? (size - side) / (count - 1) : 0;
  const places = Array.from({ length: count }, (_, i) => [i * step, i + 1 < count] as const);
  return { side, places };
}
