import { describe, expect, test } from "vitest";
import { callReference } from "../../src/graph/reference";
import { convBroadcast } from "../../src/kernels/conv_broadcast";
import { conv2d } from "../../src/kernels/conv2d";
import { fir } from "../../src/kernels/fir";
import type { AnyKernel } from "../../src/kernels/kernel";
import { modulatedConv3x3 } from "../../src/kernels/modulated_conv3x3";
import { modulatedUpconv3x3 } from "../../src/kernels/modulated_upconv3x3";
import { noiseConcat } from "../../src/kernels/noise_concat";
import { toRgb } from "../../src/kernels/to_rgb";
import { randomInput, randomRows, randomValues } from "../../src/lowering/random_input";
import { sampleTiles, tileOf, tileReference } from "../../src/lowering/sampled_reference";
import { callNode } from "../kernels/call_node";

const both = { e_activation: [9], s: [2, 40], sFirst: 8 };
const halves = (h: number, w: number) => ({ x: [2, 8, h, w], e: [2, 5, h, w], ...both });
const factors = { d: [2, 24], dFirst: 4 };
const active = { activate: true, pad: 1, stride: 1 };
const blur = { pad: { before: 2, after: 2 }, stride: 1, gain: 1 };
const tile = { loaded: 1, loads: 2, run: 2 };

const CALLS: readonly (readonly [string, AnyKernel, object])[] = [
  ["padded", conv2d, { x: [2, 5, 13, 17], w: [10, 5, 3, 3], b: [10], ...active }],
  ["1x1", conv2d, { x: [1, 3, 9, 9], w: [6, 3, 1, 1], ...active, pad: 0 }],
  [
    "stride 2",
    conv2d,
    { x: [1, 4, 17, 21], w: [9, 4, 3, 3], b: [9], ...active, pad: 0, stride: 2 },
  ],
  ["stride 2, padded", conv2d, { x: [1, 4, 16, 9], w: [9, 4, 3, 3], ...active, stride: 2 }],
  ["one pixel out", conv2d, { x: [1, 4, 3, 3], w: [5, 4, 3, 3], ...active, pad: 0, stride: 2 }],
  ["both halves", modulatedConv3x3, { ...halves(12, 9), w: [9, 13, 3, 3], ...factors, b: [9] }],
  [
    "shared x",
    modulatedConv3x3,
    { x: [1, 8, 4, 4], s: [2, 40], sFirst: 0, w: [7, 8, 3, 3], ...factors },
  ],
  ["transposed", modulatedUpconv3x3, { ...halves(7, 10), w: [18, 13, 3, 3], ...factors }],
  ["transposed, one pixel", modulatedUpconv3x3, { ...halves(1, 1), w: [3, 13, 3, 3], ...factors }],
  ["blur", fir, { x: [2, 6, 13, 9], ...blur }],
  ["blur of stride 2, bias", fir, { x: [1, 6, 12, 20], b: [6], ...blur, stride: 2 }],
  [
    "after transposed",
    fir,
    { x: [1, 6, 13, 9], b: [6], pad: { before: 1, after: 1 }, stride: 1, gain: 4 },
  ],
  [
    "skip of half the size",
    toRgb,
    { ...halves(12, 8), w: [3, 13, 1, 1], b: [3], skip: [2, 3, 6, 4] },
  ],
  ["concatenation", noiseConcat, { x: [2, 8, 9, 7], e: [2, 5, 9, 7], e_activation: [9] }],
  [
    "a fast kernel",
    convBroadcast,
    { x: [2, 8, 9, 9], w: [8, 8, 3, 3], ...factors, ...active, transposed: false, tile },
  ],
];

describe("a tile computed from what it depends on is that part of the whole output", () => {
  test.each(CALLS)("%s", (why, kernel, args) => {
    const node = callNode(kernel, why, args as never);
    const random = Object.fromEntries(
      Object.entries(node.inputs).map(([name, { shape }], i) => [
        name,
        randomInput(shape, kernel.layouts(args)[name], i),
      ]),
    );
    const whole = callReference(node, (input) => randomValues(random[input.name], "f32"));
    const [, c, h, w] = node.shape;
    for (const tile of sampleTiles(node.shape)) {
      const { sample, quad, rows, columns } = tile;
      const y = whole.subarray(sample * c * h * w, (sample + 1) * c * h * w);
      const want = tileOf(y, [1, c, h, w], { first: 4 * quad, rows, columns });
      const got = tileReference(node, tile, {
        rows: (name, sample, rows) => randomRows(random[name], sample, rows, "f32"),
        values: (name) => randomValues(random[name], "f32"),
      });
      expect(got, JSON.stringify(tile)).toEqual(want);
      expect(got.length).toBeGreaterThan(0);
    }
  });
});

test("tiles cover every corner, the last sample and the last channel, and lie within", () => {
  for (const shape of [
    [3, 9, 20, 30],
    [1, 3, 2, 1],
    [2, 64, 513, 513],
  ]) {
    const [n, c, h, w] = shape;
    const tiles = sampleTiles(shape);
    for (const y of [0, h - 1]) {
      for (const x of [0, w - 1]) {
        const covers = ({ rows, columns }: (typeof tiles)[0]) =>
          rows[0] <= y && y < rows[1] && columns[0] <= x && x < columns[1];
        expect(tiles.some(covers), `${shape}: (${y}, ${x})`).toBe(true);
      }
    }
    expect(tiles.some(({ sample }) => sample === n - 1)).toBe(true);
    expect(tiles.some(({ quad }) => 4 * quad + 4 >= c)).toBe(true);
    for (const { sample, quad, rows, columns } of tiles) {
      expect(sample >= 0 && sample < n && quad >= 0 && 4 * quad < c).toBe(true);
      expect(rows[0] >= 0 && rows[1] <= h && columns[0] >= 0 && columns[1] <= w).toBe(true);
    }
  }
});
