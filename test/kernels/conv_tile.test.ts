import { expect, test } from "vitest";
import { convTile } from "../../src/kernels/conv_tile";
import { conv2d } from "../../src/kernels/conv2d";
import { modulatedConv3x3 } from "../../src/kernels/modulated_conv3x3";
import { modulatedUpconv3x3 } from "../../src/kernels/modulated_upconv3x3";
import { sumParts } from "../../src/kernels/sum_parts";
import { gaussian } from "../../src/random";
import { referenceOf } from "../../src/references/references";
import { numel, type Shape } from "../../src/tensor";
import { expectClose } from "../compare";
import { checkRefusals } from "./check_reference";
import { modulatedArgs } from "./modulated_args";

const tile = { columns: 8, runs: 1, run: 8, quads: 1 };
const padded = { stride: 1, pad: 1, transposed: false, activate: false, tile } as const;
const halving = { ...padded, stride: 2, pad: 0, activate: true } as const;
const twice = { ...padded, pad: 0, transposed: true } as const;
const plain = { x: [2, 5, 7, 9], w: [3, 5, 3, 3], b: [3] };
const both = { ...modulatedArgs(2, 5, 3, 6, 3, 4), b: [6] };
const { b: _, ...unbiased } = both;

/** Random numbers for every argument that is a shape. */
function random(args: object): Record<string, Float32Array> {
  const next = gaussian(7);
  const shapes = Object.entries(args).filter(([, value]) => Array.isArray(value));
  return Object.fromEntries(
    shapes.map(([name, shape]: [string, Shape]) => [
      name,
      Float32Array.from({ length: numel(shape) }, () => next()),
    ]),
  );
}

test("conv_tile: the reference is that of the kernel whose call it computes", () => {
  expect(referenceOf(convTile)({ ...plain, ...halving }, random(plain))).toEqual(
    referenceOf(conv2d)({ ...plain, ...halving }, random(plain)),
  );
  expect(referenceOf(convTile)({ ...both, ...padded }, random(both))).toEqual(
    referenceOf(modulatedConv3x3)(both, random(both)),
  );
  expect(referenceOf(convTile)({ ...unbiased, ...twice }, random(unbiased))).toEqual(
    referenceOf(modulatedUpconv3x3)(unbiased, random(unbiased)),
  );
});

test("conv_tile: shapes and multiply-adds are that kernel's", () => {
  expect(convTile.outputShape({ ...plain, ...halving })).toEqual([2, 3, 3, 4]);
  expect(convTile.outputShape({ ...both, ...padded })).toEqual([2, 6, 3, 4]);
  expect(convTile.outputShape({ ...unbiased, ...twice })).toEqual([2, 6, 7, 9]);
  expect(convTile.macs!({ ...plain, ...halving })).toBe(2 * 3 * 3 * 4 * 5 * 9);
  expect(convTile.macs!({ ...unbiased, ...twice })).toBe(2 * 6 * 3 * 4 * 8 * 9);
});

test("conv_tile: splits are sums over parts of the input, one after another in the channels", () => {
  const whole = { ...unbiased, ...padded };
  const split = { ...whole, w: [8, 8, 3, 3], d: [2, 12], splits: 2 };
  const inputs = random(split);
  expect(convTile.outputShape(split)).toEqual([2, 16, 3, 4]);
  const x = referenceOf(convTile)(split, inputs);
  const parts = { x: [2, 16, 3, 4], parts: 2, activate: false };
  const { splits: _, ...once } = split;
  expectClose(
    referenceOf(sumParts)(parts, { x }),
    referenceOf(convTile)(once, inputs),
    1e-6,
    "sum",
  );
});

checkRefusals(convTile, [
  [
    { x: [1, 4, 8, 8], w: [2, 4, 2, 2], ...padded },
    "conv2d: w (2, 4, 2, 2) must have 1x1 or 3x3 taps",
  ],
  [
    { x: [1, 4, 8, 8], w: [2, 3, 3, 3], ...padded },
    "conv2d: w (2, 3, 3, 3) must be (cOut, 4, k, k), to fit x (1, 4, 8, 8)",
  ],
  [
    { ...both, ...padded, d: [2, 8] },
    "modulated_conv3x3: demodulation 4 to 10 must lie within d (2, 8), in whole quads",
  ],
  [
    { ...unbiased, ...padded, splits: 2 },
    "conv_tile: w (6, 8, 3, 3) must have a multiple of 4 outputs, and neither bias nor activation, to be split into 2 sums",
  ],
  [
    { ...plain, ...padded, tile: { columns: 8, runs: 1, run: 8, quads: 2 } },
    "conv_tile: 8 x 8 pixels of 32 quads must be fewer, their input and weights take 10 vec4s of each of 128 threads, and there is room for 8",
  ],
]);
