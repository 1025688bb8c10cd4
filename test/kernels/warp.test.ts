import { expect, test } from "vitest";
import { type Warp, warp } from "../../src/kernels/warp";
import { referenceOf } from "../../src/references/references";
import { expectClose } from "../compare";
import { checkRefusals } from "./check_reference";

const right: Warp = {
  x: [1, 4, 8, 8],
  transforms: [1, 6],
  size: { h: 4, w: 4 },
  outside: 0,
};

/** A picture that is its own bilinear interpolation: planes that rise evenly along x and y. */
function ramp(h: number, w: number, value: (x: number, y: number) => number): Float32Array {
  const x = new Float32Array(4 * h * w).fill(255);
  for (let i = 0; i < 3 * h * w; i++) x[i] = value(i % w, Math.floor(i / w) % h);
  return x;
}

test("warp: the same pixels through the identity, to the last bit", () => {
  const x = Float32Array.from({ length: 4 * 64 }, (_, i) => (i < 192 ? (i * 37) % 256 : 255));
  const transforms = Float32Array.of(1, 0, 0, 0, 1, 0);
  const y = referenceOf(warp)({ ...right, size: { h: 8, w: 8 } }, { x, transforms });
  expect([...y]).toEqual([...x]);
});

test("warp: a ramp stays a ramp through any transform, enlarged or shrunk", () => {
  const value = (px: number, py: number) => 20 + 2 * px + 3 * py;
  const x = ramp(40, 40, value);
  for (const [a, b, c, d, e, f] of [
    [0.4, 0.1, 3.3, -0.1, 0.4, 5.7],
    [2.5, 0.6, 4, -0.6, 2.5, 8],
  ]) {
    const y = referenceOf(warp)(
      { ...right, x: [1, 4, 40, 40], size: { h: 10, w: 10 } },
      { x, transforms: Float32Array.of(a, b, c, d, e, f) },
    );
    const want = ramp(10, 10, (ox, oy) => value(a * ox + b * oy + c, d * ox + e * oy + f));
    expectClose(y, want, 0.5001 / 255, "ramp"); // levels are rounded
  }
});

test("warp: shrunk by a whole factor it is the mean of what each pixel covers", () => {
  const x = Float32Array.from({ length: 4 * 64 }, (_, i) => (i < 192 ? (i * 151) % 256 : 255));
  // the samples of a scale of 2 lie on the pixels themselves
  const transforms = Float32Array.of(2, 0, 0.5, 0, 2, 0.5);
  const y = referenceOf(warp)(right, { x, transforms });
  for (let i = 0; i < 48; i++) {
    const at = Math.floor(i / 16) * 64 + 16 * Math.floor((i % 16) / 4) + 2 * (i % 4);
    const mean = (x[at] + x[at + 1] + x[at + 8] + x[at + 9]) / 4;
    expect(Math.abs(y[i] - mean) <= 0.5001, `pixel ${i}: ${y[i]}, mean ${mean}`).toBe(true);
  }
});

test("warp: around the picture there is grey, or the picture mirrored; transparent is white", () => {
  const x = Float32Array.of(10, 20, 30, 10, 20, 30, 10, 20, 30, 255, 255, 0);
  const args = { ...right, x: [1, 4, 1, 3], size: { h: 1, w: 7 } };
  const transforms = Float32Array.of(1, 0, -2, 0, 1, 0);
  const red = (outside: Warp["outside"]) =>
    [...referenceOf(warp)({ ...args, outside }, { x, transforms })].slice(0, 7);
  expect(red(128)).toEqual([128, 128, 10, 20, 255, 128, 128]);
  expect(red("mirror")).toEqual([255, 20, 10, 20, 255, 20, 10]);
});

checkRefusals(warp, [
  [
    { ...right, x: [2, 4, 8, 8] },
    "warp: x (2, 4, 8, 8) must be (1, 4, h, w), the pixels of one picture",
  ],
  [{ ...right, transforms: [1, 4] }, "warp: transforms (1, 4) must be (n, 6)"],
  [{ ...right, size: { h: 0, w: 4 } }, "warp: the size 0 x 4 must be whole numbers from 1 on"],
  [{ ...right, outside: 256 }, 'warp: outside 256 must be "mirror" or a level from 0 to 255'],
]);
