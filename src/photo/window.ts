import type { Pixels } from "../restore/pixels";
import type { Transform } from "./transform";

/** Whole pixels: columns x to x + width - 1, rows y to y + height - 1. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A part of a picture, shrunk by a whole factor. */
export interface Window extends Pixels {
  /** Pixels of the whole picture to pixels of this one. */
  readonly from: Transform;
}

/**
 * Copies a rectangle of a picture; with `block` above 1, the means of its blocks of that side, without
 * what is left over at the right and below.
 */
export function windowOf(picture: Pixels, { x, y, width, height }: Rectangle, block = 1): Window {
  const [w, h] = [Math.max(1, Math.floor(width / block)), Math.max(1, Math.floor(height / block))];
  const data = new Uint8ClampedArray(4 * w * h);
  const at = (row: number) => 4 * ((y + row) * picture.width + x);
  if (block === 1) {
    for (let row = 0; row < h; row++)
      data.set(picture.data.subarray(at(row), at(row) + 4 * w), 4 * w * row);
  } else {
    const [bw, bh] = [Math.min(block, width), Math.min(block, height)];
    for (let i = 0; i < data.length; i++) {
      let sum = 0;
      const left = 4 * block * (Math.floor(i / 4) % w) + (i % 4);
      const top = block * Math.floor(i / (4 * w));
      for (let row = 0; row < bh; row++) {
        const first = at(top + row) + left;
        for (let column = 0; column < bw; column++) sum += picture.data[first + 4 * column];
      }
      data[i] = sum / (bw * bh);
    }
  }
  const half = (block - 1) / 2;
  const from: Transform = [1 / block, 0, -(x + half) / block, 0, 1 / block, -(y + half) / block];
  return { data, width: w, height: h, from };
}

/** The whole pixels within a picture that hold these points, and `margin` more on each side. */
export function around(
  points: readonly { readonly x: number; readonly y: number }[],
  margin: number,
  { width, height }: { readonly width: number; readonly height: number },
): Rectangle {
  const clamped = (at: number, size: number) => Math.min(Math.max(Math.floor(at), 0), size - 1);
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const left = clamped(Math.min(...xs) - margin, width);
  const top = clamped(Math.min(...ys) - margin, height);
  return {
    x: left,
    y: top,
    width: clamped(Math.max(...xs) + margin + 1, width) - left + 1,
    height: clamped(Math.max(...ys) + margin + 1, height) - top + 1,
  };
}
