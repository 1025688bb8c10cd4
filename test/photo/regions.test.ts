import { expect, test } from "vitest";
import { planRegions, type Region } from "../../src/photo/regions";
import type { Transform } from "../../src/photo/transform";
import { windowOf } from "../../src/photo/window";

const picture = (width: number, height: number) => ({
  data: Uint8ClampedArray.from({ length: 4 * width * height }, (_, i) =>
    i % 4 === 3 ? 255 : (i * 97) % 251,
  ),
  width,
  height,
});

const mask = { x: 31.5, y: 31.5, radiusX: 26, radiusY: 28 };
const placed = (toPhoto: Transform) => ({ pixels: picture(64, 64), toPhoto, mask });
const at = (x: number, y: number, scale = 1) => placed([scale, 0, x, 0, scale, y]);

/** How many regions hold each pixel. */
function cover(regions: readonly Region[], width: number, height: number): Uint8Array {
  const count = new Uint8Array(width * height);
  for (const { x, y, width: w, height: h } of regions) {
    expect(x >= 0 && y >= 0 && x + w <= width && y + h <= height).toBe(true);
    for (let row = y; row < y + h; row++)
      for (let column = x; column < x + w; column++) count[row * width + column]++;
  }
  return count;
}

function underMask([a, b, c, d, e, f]: Transform, px: number, py: number): boolean {
  const det = a * e - b * d;
  const [u, v] = [(e * (px - c) - b * (py - f)) / det, (a * (py - f) - d * (px - c)) / det];
  return Math.hypot((u - mask.x) / mask.radiusX, (v - mask.y) / mask.radiusY) < 1;
}

test("regions hold every pixel under a mask once, and name the face", () => {
  const faces = [
    at(3, 5),
    at(30, 20, 0.7),
    placed([0.9, -0.8, 200, 0.8, 0.9, 120]),
    at(380, -30, 1.5),
    at(-500, 900),
  ];
  const [width, height] = [400, 300];
  const regions = planRegions(faces, { width, height });
  const count = cover(regions, width, height);
  expect(Math.max(...count)).toBe(1);
  for (let i = 0; i < width * height; i++) {
    const [px, py] = [i % width, Math.floor(i / width)];
    for (const [face, { toPhoto }] of faces.entries()) {
      if (!underMask(toPhoto, px, py)) continue;
      const region = regions.find(
        ({ x, y, width: w, height: h }) => px >= x && py >= y && px < x + w && py < y + h,
      );
      expect(region?.faces, `pixel ${px}, ${py}`).toContain(face);
    }
  }
  expect(regions.flatMap(({ faces }) => faces)).not.toContain(4); // beyond the photo
});

test("faces far apart lie in regions of their own, a face of any size in several small ones", () => {
  const apart = planRegions([at(0, 0), at(3900, 2900)], { width: 4000, height: 3000 });
  const area = apart.reduce((sum, { width, height }) => sum + width * height, 0);
  expect(area).toBeLessThan(2 * 64 * 64);
  const large = planRegions([at(-200, -300, 60)], { width: 4000, height: 3000 });
  for (const { width, height, pixels } of large) {
    expect(width * height).toBeLessThanOrEqual(2 ** 20);
    expect(pixels.length).toBeLessThan(4 * 64 * 64);
  }
  expect(
    Math.min(...cover(large, 4000, 3000).subarray(4000 * 1500 + 1000, 4000 * 1500 + 2000)),
  ).toBe(1);
});

test("no face, no region", () => {
  expect(planRegions([], { width: 10, height: 10 })).toEqual([]);
});

test("a face that shrinks is averaged in blocks beforehand", () => {
  const [region] = planRegions([at(10, 10, 0.21)], { width: 50, height: 50 });
  expect(region.pixels.length).toBeLessThanOrEqual(4 * 16 * 16); // 64 px in blocks of 4
  const [a, , , , e] = region.rows;
  expect([a, e].map((v) => v.toFixed(4))).toEqual([
    (1 / 0.21 / 4).toFixed(4),
    (1 / 0.21 / 4).toFixed(4),
  ]);
});

test("windows are copies, or means of blocks", () => {
  const whole = picture(7, 5);
  const { data, from } = windowOf(whole, { x: 2, y: 1, width: 4, height: 3 });
  expect([...data.subarray(0, 8)]).toEqual([...whole.data.subarray(36, 44)]);
  expect(from).toEqual([1, 0, -2, 0, 1, -1]);
  const blocks = windowOf(whole, { x: 1, y: 1, width: 5, height: 4 }, 2);
  expect([blocks.width, blocks.height]).toEqual([2, 2]);
  const four = [8, 9, 15, 16].map((pixel) => whole.data[4 * pixel]);
  expect(blocks.data[0]).toBe(Math.round(four.reduce((sum, v) => sum + v) / 4));
  // the first block's centre, 1.5, is its pixel 0
  expect(blocks.from[0] * 1.5 + blocks.from[2]).toBe(0);
});

test("a size whose numbers are getters, as an ImageData's are, is read all the same", () => {
  const size = Object.create({ width: 400, height: 300 }) as { width: number; height: number };
  const whole = planRegions([at(30, 20)], { width: 400, height: 300 });
  expect(whole.length).toBeGreaterThan(0);
  expect(planRegions([at(30, 20)], size)).toEqual(whole);
});
