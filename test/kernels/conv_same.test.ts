import { expect, test } from "vitest";
import { type ConvSame, convSame } from "../../src/kernels/conv_same";
import { referenceOf } from "../../src/references/references";
import { checkRefusals } from "./check_reference";

const right: ConvSame = { x: [1, 2, 4, 4], w: [3, 2, 3, 3], b: [3], stride: 1, relu: true };

test("conv_same: of an odd padding the zero is last, as TensorFlow has it", () => {
  // sums of 3 at stride 2 over 1, 2, 3, 4: nothing before, one zero after
  const args: ConvSame = { x: [1, 1, 4, 4], w: [1, 1, 3, 3], b: [1], stride: 2, relu: false };
  const x = Float32Array.from({ length: 16 }, (_, i) => 1 + (i % 4));
  const w = Float32Array.of(0, 0, 0, 1, 1, 1, 0, 0, 0);
  const y = referenceOf(convSame)(args, { x, w, b: Float32Array.of(10) });
  expect([...y]).toEqual([16, 17, 16, 17]);
});

test("conv_same: a skip of twice the side gives the maximum of each 2x2, and 0 to other channels", () => {
  const args: ConvSame = {
    x: [1, 1, 1, 2],
    w: [2, 1, 1, 1],
    b: [2],
    skip: [1, 1, 2, 4],
    stride: 1,
    relu: true,
  };
  const inputs = {
    x: Float32Array.of(1, 2),
    w: Float32Array.of(1, -1),
    b: Float32Array.of(0, 1.5),
    skip: Float32Array.of(1, 5, -9, -8, 2, 3, -7, -6),
  };
  expect([...referenceOf(convSame)(args, inputs)]).toEqual([6, 0, 0.5, 0]);
});

checkRefusals(convSame, [
  [
    { ...right, w: [3, 4, 3, 3] },
    "conv_same: w (3, 4, 3, 3) must be (cOut, 2, k, k), to fit x (1, 2, 4, 4)",
  ],
  [{ ...right, b: [2] }, "conv_same: b (2) must be (3), to fit x (1, 2, 4, 4), w (3, 2, 3, 3)"],
  [
    { ...right, skip: [1, 4, 4, 4] },
    "conv_same: skip (1, 4, 4, 4) must have up to 3 channels and the side of y (1, 3, 4, 4), or twice that",
  ],
]);
