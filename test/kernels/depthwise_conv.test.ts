import { expect, test } from "vitest";
import { type DepthwiseConv, depthwiseConv } from "../../src/kernels/depthwise_conv";
import { referenceOf } from "../../src/references/references";
import { checkRefusals } from "./check_reference";

const right: DepthwiseConv = { x: [1, 2, 4, 4], w: [1, 2, 3, 3], b: [2], stride: 1, relu: false };

test("depthwise_conv: every channel has taps of its own, zeros are around", () => {
  const args: DepthwiseConv = { ...right, x: [1, 2, 1, 3] };
  const w = new Float32Array(18);
  w.set([1, 10, 100], 3); // the middle row of the first channel
  w.set([0, 2, 0], 12);
  const inputs = { x: Float32Array.of(1, 2, 3, 4, 5, 6), w, b: Float32Array.of(0, 1) };
  expect([...referenceOf(depthwiseConv)(args, inputs)]).toEqual([210, 321, 32, 9, 11, 13]);
});

test("depthwise_conv: taps of 1 / k² over a whole side are the mean, of what is positive", () => {
  const args: DepthwiseConv = { x: [1, 1, 2, 2], w: [1, 1, 2, 2], stride: 2, relu: true };
  const inputs = { x: Float32Array.of(1, 3, -8, 4), w: new Float32Array(4).fill(0.25) };
  expect([...referenceOf(depthwiseConv)(args, inputs)]).toEqual([2]);
});

checkRefusals(depthwiseConv, [
  [
    { ...right, w: [2, 2, 3, 3] },
    "depthwise_conv: w (2, 2, 3, 3) must be (1, 2, k, k), to fit x (1, 2, 4, 4)",
  ],
  [
    { ...right, b: [3] },
    "depthwise_conv: b (3) must be (2), to fit x (1, 2, 4, 4), w (1, 2, 3, 3)",
  ],
]);
