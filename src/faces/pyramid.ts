import type { Pixels } from "../restore/pixels";
import type { Size } from "../tensor";

/** Rows [a, b, c, d, e, f]: output (ox, oy) lies at x = a ox + b oy + c, y = d ox + e oy + f. */
export type Affine = readonly [number, number, number, number, number, number];

/** A photo and its halves: one u32 per pixel, red in its lowest byte. */
export type Pyramid = readonly Level[];

interface Level extends Size {
  readonly data: Uint32Array;
}

const GREY = 0xff808080;
const EVEN = 0x00ff00ff; // the lowest and the third byte of a pixel

const OPAQUE = 0xff000000;

/** The photo over white, half of it, a quarter and so on, down to less than 2 pixels a side. */
export async function pyramidOf({ data, width, height }: Pixels): Promise<Pyramid> {
  const aligned = data.byteOffset % 4 === 0 ? data : data.slice();
  const first = new Uint32Array(aligned.buffer, aligned.byteOffset, width * height);
  const levels: Level[] = [{ data: overWhite(first), width, height }];
  for (let last = levels[0]; Math.min(last.width, last.height) >= 2; ) {
    last = half(last);
    levels.push(last);
    await nextTask(); // 12 megapixels take some 30 ms
  }
  return levels;
}

/** Pixels as a page shows them; the same ones where nothing is transparent. */
function overWhite(pixels: Uint32Array): Uint32Array {
  let all = OPAQUE;
  for (let i = 0; i < pixels.length; i++) all &= pixels[i]; // every() takes ten times as long
  if (all >>> 24 === 255) return pixels;
  return pixels.map((pixel) => {
    const alpha = (pixel >>> 24) / 255;
    const level = (shift: number) =>
      Math.round(255 - (255 - ((pixel >>> shift) & 255)) * alpha) << shift;
    return OPAQUE | level(0) | level(8) | level(16);
  });
}

/** Gives a page its turn to draw. */
export function nextTask(): Promise<void> {
  return new Promise((done) => setTimeout(done));
}

/** Means of 2x2 pixels; of an odd side the last is left out. Two bytes are summed at a time. */
function half({ data, width, height }: Level): Level {
  const [w, h] = [width >> 1, height >> 1];
  const to = new Uint32Array(w * h);
  for (let y = 0, i = 0; y < h; y++) {
    for (let x = 0, at = 2 * y * width; x < w; x++, at += 2, i++) {
      const [a, b, c, d] = [data[at], data[at + 1], data[at + width], data[at + width + 1]];
      const low = (a & EVEN) + (b & EVEN) + (c & EVEN) + (d & EVEN) + 0x00020002;
      const high =
        ((a >>> 8) & EVEN) + ((b >>> 8) & EVEN) + ((c >>> 8) & EVEN) + ((d >>> 8) & EVEN);
      to[i] = ((low >>> 2) & EVEN) | ((((high + 0x00020002) >>> 2) & EVEN) << 8);
    }
  }
  return { data: to, width: w, height: h };
}

/**
 * A part of the photo through a similarity transform, bilinear, from the level that is less than
 * twice as fine; grey outside. Writes `width` x `height` pixels to `into` from `at` on.
 */
export function sample(
  pyramid: Pyramid,
  [a, b, c, d, e, f]: Affine,
  { width: w, height: h }: Size,
  into: Uint32Array,
  at: number,
): void {
  const finest = Math.floor(Math.log2(Math.max(1, Math.hypot(a, d)) + 1e-6));
  const j = Math.min(finest, pyramid.length - 1);
  const { data, width, height } = pyramid[j];
  const scale = 2 ** -j;
  const [dx, dy] = [256 * a * scale, 256 * d * scale];
  const [maxX, maxY] = [width - 1, height - 1];
  for (let oy = 0, i = at; oy < h; oy++) {
    // Positions in 256ths of a pixel; half a pixel outside still shows the outermost one.
    let px = 256 * ((b * oy + c + 0.5) * scale - 0.5);
    let py = 256 * ((e * oy + f + 0.5) * scale - 0.5);
    for (let ox = 0; ox < w; ox++, i++, px += dx, py += dy) {
      if (px < -128 || py < -128 || px > 256 * maxX + 128 || py > 256 * maxY + 128) {
        into[i] = GREY;
        continue;
      }
      const [ix, iy] = [Math.max(0, px) | 0, Math.max(0, py) | 0];
      const x0 = Math.min(ix >> 8, maxX);
      const row = Math.min(iy >> 8, maxY) * width;
      const next = x0 < maxX ? x0 + 1 : x0;
      const below = iy >> 8 < maxY ? row + width : row;
      const above = mixed(data[row + x0], data[row + next], ix & 255);
      into[i] = mixed(above, mixed(data[below + x0], data[below + next], ix & 255), iy & 255);
    }
  }
}

/** p + (q - p) t / 256 in each byte; two bytes at a time. */
function mixed(p: number, q: number, t: number): number {
  const low = (p & EVEN) * (256 - t) + (q & EVEN) * t;
  const high = ((p >>> 8) & EVEN) * (256 - t) + ((q >>> 8) & EVEN) * t;
  return ((low >>> 8) & EVEN) | (high & ~EVEN);
}
