import { describe, expect, test } from "vitest";
import { CASES } from "../../bench/cases";
import { largest } from "../../bench/check";
import { SAMPLED, sampleIndices } from "../../bench/sampled";
import type { AnyKernel } from "../../src/kernels/kernel";
import { gaussian } from "../../src/random";
import { referenceOf } from "../../src/references/references";
import { numel, type Shape } from "../../src/tensor";

/** Odd sizes, so that rows and columns cannot be mistaken for each other. */
const MODULATED = {
  x: [2, 5, 6, 7],
  e: [2, 3, 6, 7],
  e_activation: [7],
  w: [4, 8, 3, 3],
  s: [2, 20],
  sFirst: 4,
  d: [2, 12],
  dFirst: 8,
};
const SMALL: Readonly<Record<string, readonly object[]>> = {
  conv2d: [
    { x: [2, 3, 9, 7], w: [4, 3, 3, 3], b: [4], stride: 2, pad: 0, activate: true },
    { x: [1, 3, 5, 7], w: [4, 3, 3, 3], stride: 1, pad: 1, activate: false },
    { x: [1, 3, 5, 7], w: [4, 3, 1, 1], b: [4], stride: 1, pad: 0, activate: true },
  ],
  modulated_conv3x3: [
    { ...MODULATED, b: [4] },
    { ...MODULATED, x: [1, 5, 6, 7], e: undefined, e_activation: undefined, w: [4, 5, 3, 3] },
  ],
  modulated_upconv3x3: [MODULATED],
};

describe.each(Object.keys(SAMPLED))("%s", (name) => {
  const kernel = CASES.find((each) => each.kernel.name === name)!.kernel;
  test.each(SMALL[name].map((args) => [args]))(
    "sampled everywhere is the whole reference: %j",
    (args) => {
      const inputs = randomInputs(kernel, args as Record<string, unknown>);
      const want = referenceOf(kernel)(args, inputs);
      const all = Uint32Array.from({ length: want.length }, (_, i) => i);
      const got = SAMPLED[name](args as never, inputs, all);
      expect(got).toHaveLength(want.length);
      // the whole reference of the transposed convolution rounds at every tap
      expect(largest(got, want).error).toBeLessThan(1e-6);
    },
  );
});

function randomInputs(kernel: AnyKernel, args: Readonly<Record<string, unknown>>) {
  const given = kernel.bindings.filter((name) => Array.isArray(args[name]));
  const values = given.map((name, seed) => {
    const random = gaussian(seed);
    return [name, Float32Array.from({ length: numel(args[name] as Shape) }, random)] as const;
  });
  return Object.fromEntries(values) as Record<string, Float32Array>;
}

test("samples hold all corners of the first and the last channel, borders, and stay inside", () => {
  const [c, h, w] = [40, 30, 50];
  const indices = sampleIndices([1, c, h, w], 4096);
  expect(indices).toHaveLength(4096);
  for (const channel of [0, c - 1]) {
    for (const corner of [0, w - 1, (h - 1) * w, h * w - 1]) {
      expect(indices).toContain(channel * h * w + corner);
    }
  }
  expect(Math.max(...indices)).toBeLessThan(c * h * w);
  const onBorder = [...indices].filter((i) => {
    const [y, x] = [Math.floor(i / w) % h, i % w];
    return y === 0 || x === 0 || y === h - 1 || x === w - 1;
  });
  // a quarter by design, beside those that lie there by chance
  expect(onBorder.length).toBeGreaterThan(1024);
  expect(new Set(indices).size).toBeGreaterThan(3500);
});
