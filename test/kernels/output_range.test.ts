import { expect, test } from "vitest";
import { outputRange } from "../../src/kernels/output_range";
import { referenceOf } from "../../src/references/references";
import { checkReference, checkRefusals } from "./check_reference";

checkReference(outputRange, {
  tolerance: 0, // comparisons alone
  cases: [{ name: "two pictures", attributes: {} }],
});

test("output_range: the reference passes over what is not finite, and counts it", () => {
  const values = { x: Float32Array.of(Number.NaN, 2, Infinity, -7, -Infinity, 3) };
  const y = referenceOf(outputRange)({ x: [1, 3, 1, 2] }, values);
  expect([...y]).toEqual([-7, 3, 3, 0]); // exact: comparisons and a count
  const none = referenceOf(outputRange)({ x: [1, 3, 1, 1] }, { x: new Float32Array(3).fill(NaN) });
  expect([...none]).toEqual([Math.fround(3e38), Math.fround(-3e38), 3, 0]);
});

checkRefusals(outputRange, [
  [{ x: [1, 4, 8, 8] }, "output_range: x (1, 4, 8, 8) must be (n, 3, h, w)"],
]);
