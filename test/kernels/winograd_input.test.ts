import { test } from "vitest";
import { winogradInput } from "../../src/kernels/winograd_input";
import { referenceOf } from "../../src/references/references";
import { expectClose } from "../compare";
import { checkRefusals } from "./check_reference";

test("winograd_input: a patch of ones is what the points' sums say", () => {
  const y = referenceOf(winogradInput)({ x: [1, 4, 12, 12] }, { x: new Float32Array(576).fill(1) });
  // Of the middle tile, whose patch lies within the image: row sums of Bᵀ times one another.
  const sums = [
    -0.5,
    -1 - Math.SQRT1_2,
    -1 + Math.SQRT1_2,
    0.5 + Math.SQRT1_2,
    0.5 - Math.SQRT1_2,
    -0.5,
  ];
  const want = sums.flatMap((a) => sums.map((b) => a * b));
  expectClose(
    Float32Array.from(want, (_, p) => y[p * 4 * 9 + 4]),
    Float32Array.from(want),
    1e-6,
    "y",
  );
});

checkRefusals(winogradInput, [
  [{ x: [4, 3, 3] }, "winograd_input: x (4, 3, 3) must be (n, c, h, w)"],
]);
