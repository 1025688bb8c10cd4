import { expect, test } from "vitest";
import { modulate } from "../../src/kernels/modulate";
import { winogradInput } from "../../src/kernels/winograd_input";
import { gaussian } from "../../src/random";
import { numel, type Shape } from "../../src/tensor";
import { expectClose } from "../compare";
import { checkRefusals } from "./check_reference";

test("winograd_input: modulated inputs are those of modulate, transformed", () => {
  const shapes = { x: [2, 4, 6, 5], e: [2, 3, 6, 5], e_activation: [7], s: [2, 12] };
  const next = gaussian(1);
  const inputs = Object.fromEntries(
    Object.entries<Shape>(shapes).map(([name, shape]) => [
      name,
      Float32Array.from({ length: numel(shape) }, () => next()),
    ]),
  );
  const args = { ...shapes, sFirst: 4 };
  const x = modulate.outputShape(args);
  expect(x).toEqual([2, 7, 6, 5]);
  const want = winogradInput.reference({ x }, { x: modulate.reference(args, inputs) });
  expectClose(winogradInput.reference(args, inputs), want, 1e-6, "y");
});

test("winograd_input: a patch of ones is what the points' sums say", () => {
  const y = winogradInput.reference({ x: [1, 4, 12, 12] }, { x: new Float32Array(576).fill(1) });
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
  [
    { x: [1, 4, 3, 3], e: [1, 4, 3, 3], e_activation: [8] },
    "winograd_input: without styles there must be four sides to x (1, 4, 3, 3) and no e",
  ],
  [
    { x: [1, 4, 3, 3], s: [1, 4], sFirst: 4 },
    "winograd_input: styles 4 to 8 must lie within s (1, 4)",
  ],
]);
