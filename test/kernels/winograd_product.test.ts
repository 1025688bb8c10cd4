import { expect, test } from "vitest";
import {
  FILTER,
  POSITIONS,
  weightIndex,
  winogradWeights,
  winogradWeightsShape,
} from "../../src/kernels/winograd";
import { winogradProduct } from "../../src/kernels/winograd_product";
import { gaussian } from "../../src/random";
import { referenceOf } from "../../src/references/references";
import { numel } from "../../src/tensor";
import { checkRefusals } from "./check_reference";

const tile = { lanes: 4, loaded: 1, loads: 2, run: 2 } as const;

test("winograd: transformed weights are G w Gᵀ, halves in whole quads and zeros between", () => {
  const [cOut, halves] = [6, [5, 2]];
  const next = gaussian(1);
  const w = Float32Array.from({ length: cOut * 7 * 9 }, () => next());
  const shape = winogradWeightsShape(cOut, halves);
  expect(shape).toEqual([POSITIONS * 8, 12]);
  const got = Array.from(winogradWeights(w, cOut, halves), (part) => [...part]).flat();
  const want = new Float32Array(numel(shape));
  for (let oc = 0; oc < cOut; oc++) {
    for (let ic = 0; ic < 7; ic++) {
      for (let p = 0; p < POSITIONS; p++) {
        let sum = 0;
        for (let tap = 0; tap < 9; tap++)
          sum +=
            FILTER[Math.floor(p / 6)][Math.floor(tap / 3)] *
            FILTER[p % 6][tap % 3] *
            w[(oc * 7 + ic) * 9 + tap];
        want[weightIndex(shape, [p, oc, ic < 5 ? ic : 8 + ic - 5])] = sum;
      }
    }
  }
  expect(got.length).toBe(want.length);
  for (let i = 0; i < want.length; i++) expect(got[i]).toBeCloseTo(want[i], 5);
});

test("winograd_product: every position has its own matrix", () => {
  const args = { x: [2, 36 * 4, 1, 1], w: [36 * 4, 4], tile };
  const x = Float32Array.from({ length: 2 * 36 * 4 }, (_, i) => i % 4);
  const w = new Float32Array(36 * 16);
  for (let p = 0; p < POSITIONS; p++) w[weightIndex(args.w, [p, 2, 3])] = p;
  const y = referenceOf(winogradProduct)(args, { x, w });
  const want = Array.from(y, (_, i) => (i % 4 === 2 ? 3 * (Math.floor(i / 4) % POSITIONS) : 0));
  expect([...y]).toEqual(want);
});

checkRefusals(winogradProduct, [
  [
    { x: [1, 144, 2, 2], w: [144, 8], tile },
    "winograd_product: x (1, 144, 2, 2) must be (n, 288, h, width), to fit w (144, 8)",
  ],
]);
