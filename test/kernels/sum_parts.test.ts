import { expect, test } from "vitest";
import { sumParts } from "../../src/kernels/sum_parts";
import { referenceOf } from "../../src/references/references";
import { expectClose } from "../compare";
import { checkRefusals } from "./check_reference";

test("sum_parts: adds channel by channel, then the bias, then activates", () => {
  const x = Float32Array.from({ length: 8 }, (_, i) => i);
  const args = { x: [1, 8, 1, 1], b: [4], parts: 2, activate: false };
  const b = Float32Array.of(0, 0, -20, -20);
  const sums = referenceOf(sumParts)(args, { x, b });
  expect([...sums]).toEqual([4, 6, -12, -10]);
  const activated = [4, 6, -2.4, -2].map((v) => Math.SQRT2 * v);
  const got = referenceOf(sumParts)({ ...args, activate: true }, { x, b });
  expectClose(got, Float32Array.from(activated), 1e-6, "activated");
});

checkRefusals(sumParts, [
  [
    { x: [1, 6, 2, 2], parts: 2, activate: false },
    "sum_parts: x (1, 6, 2, 2) must be (n, 2 c, h, w) with c a multiple of 4",
  ],
  [
    { x: [1, 8, 2, 2], b: [8], parts: 2, activate: false },
    "sum_parts: b (8) must be (4), to fit x (1, 8, 2, 2)",
  ],
]);
