import { expect, test } from "vitest";
import { winogradConv } from "../../src/kernels/winograd_conv";
import { winogradOutput } from "../../src/kernels/winograd_output";
import { winogradProduct } from "../../src/kernels/winograd_product";
import { gaussian } from "../../src/random";
import { referenceOf } from "../../src/references/references";
import { checkRefusals } from "./check_reference";

const tile = { lanes: 4, loaded: 1, loads: 2, run: 2 } as const;
const given = { activate: true, cOut: 3, h: 6, width: 5 } as const;

test("winograd_conv: the products, then the outputs", () => {
  const next = gaussian(1);
  const values = (count: number) => Float32Array.from({ length: count }, () => next());
  const args = { ...given, x: [1, 144, 2, 2], w: [144, 4], b: [3], tile };
  const [x, w, b] = [values(576), values(576), values(3)];
  const product = referenceOf(winogradProduct)(args, { x, w });
  const want = referenceOf(winogradOutput)(args, { x: product, b });
  expect(winogradConv.outputShape(args)).toEqual([1, 3, 6, 5]);
  expect([...referenceOf(winogradConv)(args, { x, w, b })]).toEqual([...want]);
});

checkRefusals(winogradConv, [
  [
    { ...given, x: [1, 144, 2, 2], w: [144, 8], tile },
    "winograd_product: x (1, 144, 2, 2) must be (n, 288, h, width), to fit w (144, 8)",
  ],
  [
    { ...given, x: [1, 144, 2, 3], w: [144, 4], tile },
    "winograd_output of (n, 3, 6, 5): x (1, 144, 2, 3) must be (n, 144, 2, 2)",
  ],
]);
