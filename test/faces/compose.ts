import { type Affine, pyramidOf, sample } from "../../src/faces/pyramid";

import { uniform } from "../../src/random";
import type { Picture, Pixels } from "../../src/restore/pixels";

/** Smooth patches of colour of several sizes, as leaves, walls and clothes give; the same every time. */
export function background(width: number, height: number, seed = 1): Picture {
  const random = uniform(seed);
  const data = new Uint8ClampedArray(4 * width * height).fill(255);
  const octaves = [512, 128, 32, 8].map((cell) => {
    const [w, h] = [Math.ceil(width / cell) + 2, Math.ceil(height / cell) + 2];
    return { cell, w, values: Float32Array.from({ length: 3 * w * h }, () => 80 * random() - 40) };
  });
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i += 4) {
      for (let c = 0; c < 3; c++) {
        let sum = 120 + 12 * c;
        for (const { cell, w, values } of octaves) {
          const [px, py] = [x / cell, y / cell];
          const at = 3 * (Math.floor(py) * w + Math.floor(px)) + c;
          const [s, t] = [px % 1, py % 1];
          const above = values[at] + s * (values[at + 3] - values[at]);
          const below = values[at + 3 * w] + s * (values[at + 3 * w + 3] - values[at + 3 * w]);
          sum += above + t * (below - above);
        }
        data[i + c] = sum;
      }
    }
  }
  return { data, width, height };
}

export interface Place {
  /** Centre in the photo. */
  readonly x: number;
  readonly y: number;
  /** Pixels of the photo per pixel of the face's picture. */
  readonly scale: number;
  /** Degrees. */
  readonly turn?: number;
  readonly mirror?: boolean;
}

/** From a picture's pixels to the photo's. */
export function toPhoto({ width, height }: Pixels, place: Place): Affine {
  const { x, y, scale, turn = 0, mirror = false } = place;
  const [cos, sin] = [Math.cos((turn * Math.PI) / 180), Math.sin((turn * Math.PI) / 180)];
  const sign = mirror ? -1 : 1;
  const [a, b, d, e] = [sign * scale * cos, -scale * sin, sign * scale * sin, scale * cos];
  const [cx, cy] = [(width - 1) / 2, (height - 1) / 2];
  return [a, b, x - a * cx - b * cy, d, e, y - d * cx - e * cy];
}

/** Puts a picture into the photo, softly at its edges. */
export async function put(photo: Picture, picture: Pixels, place: Place): Promise<void> {
  const [a, b, c, d, e, f] = toPhoto(picture, place);
  const radius = Math.ceil((picture.width / 2) * place.scale * Math.SQRT2);
  const [left, top] = [Math.round(place.x) - radius, Math.round(place.y) - radius];
  const side = 2 * radius + 1;
  const det = a * e - b * d;
  const back: Affine = [
    ...([e / det, -b / det, (b * (f - top) - e * (c - left)) / det] as const),
    ...([-d / det, a / det, (d * (c - left) - a * (f - top)) / det] as const),
  ];
  const seen = new Uint32Array(side * side);
  sample(await pyramidOf(picture), back, { width: side, height: side }, seen, 0);
  const soft = 0.08 * picture.width;
  for (let i = 0; i < side * side; i++) {
    const [ox, oy] = [i % side, Math.floor(i / side)];
    const [x, y] = [left + ox, top + oy];
    if (x < 0 || y < 0 || x >= photo.width || y >= photo.height) continue;
    const u = back[0] * ox + back[1] * oy + back[2];
    const v = back[3] * ox + back[4] * oy + back[5];
    const inside = Math.min(u, v, picture.width - 1 - u, picture.height - 1 - v) / soft;
    const weight = Math.max(0, Math.min(1, inside));
    for (let k = 0; k < 3; k++) {
      const at = 4 * (y * photo.width + x) + k;
      photo.data[at] += weight * (((seen[i] >>> (8 * k)) & 255) - photo.data[at]);
    }
  }
}
