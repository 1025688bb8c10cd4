import { expect, test } from "vitest";
import { type Affine, pyramidOf, sample } from "../../src/faces/pyramid";

/** A photo whose red rises along x and green along y. */
function ramp(width: number, height: number) {
  const data = new Uint8ClampedArray(4 * width * height);
  for (let i = 0; i < width * height; i++)
    data.set([i % width, Math.floor(i / width), 200, 255], 4 * i);
  return { data, width, height };
}

const channels = (pixel: number) => [0, 8, 16, 24].map((shift) => (pixel >>> shift) & 255);

test("a half is the mean of 2x2 pixels, rounded, in every channel", async () => {
  const data = Uint8ClampedArray.from([
    ...[255, 0, 1, 255, 255, 0, 2, 255, 9, 9, 9, 9],
    ...[255, 1, 3, 255, 254, 0, 4, 255, 9, 9, 9, 9],
  ]);
  const [, half] = await pyramidOf({ data, width: 3, height: 2 });
  expect([half.width, half.height]).toEqual([1, 1]); // the odd column is left out
  expect(channels(half.data[0])).toEqual([255, 0, 3, 255]);
});

test("what is transparent is seen as on a page, over white, whatever colour it hides", async () => {
  const data = Uint8ClampedArray.from([
    ...[10, 200, 30, 0, 10, 200, 30, 255],
    ...[10, 200, 30, 128, 0, 0, 0, 0],
  ]);
  const given = data.slice();
  const [first, half] = await pyramidOf({ data, width: 2, height: 2 });
  expect([...first.data].map(channels)).toEqual([
    [255, 255, 255, 255],
    [10, 200, 30, 255],
    [132, 227, 142, 255],
    [255, 255, 255, 255],
  ]);
  expect(channels(half.data[0])).toEqual([163, 234, 171, 255]);
  expect(data, "the photo is its owner's").toEqual(given);
});

test("through any similarity transform a ramp stays where it was, at every level of the pyramid", async () => {
  const photo = await pyramidOf(ramp(250, 250));
  for (const [scale, angle] of [
    [0.5, 0.3],
    [1, 0],
    [2.4, -0.2],
    [7.9, 0.1],
  ]) {
    const [cos, sin] = [scale * Math.cos(angle), scale * Math.sin(angle)];
    const through: Affine = [cos, -sin, 60, sin, cos, 60];
    const [width, height] = [16, 11];
    const seen = new Uint32Array(width * height);
    sample(photo, through, { width, height }, seen, 0);
    for (let i = 0; i < width * height; i++) {
      const [ox, oy] = [i % width, Math.floor(i / width)];
      const [x, y] = [cos * ox - sin * oy + 60, sin * ox + cos * oy + 60];
      const [red, green, blue] = channels(seen[i]);
      expect(Math.abs(red - x), `x at ${ox}, ${oy}, scale ${scale}`).toBeLessThan(1.5);
      expect(Math.abs(green - y), `y at ${ox}, ${oy}, scale ${scale}`).toBeLessThan(1.5);
      expect(blue).toBe(200);
    }
  }
});

test("around the photo there is grey", async () => {
  const seen = new Uint32Array(9);
  sample(await pyramidOf(ramp(1, 1)), [1, 0, -1, 0, 1, -1], { width: 3, height: 3 }, seen, 0);
  expect([...seen].filter((pixel) => pixel === 0xff808080).length).toBe(8);
  expect(channels(seen[4])).toEqual([0, 0, 200, 255]);
});
