import { expect, test } from "vitest";
import { modulate } from "../../src/kernels/modulate";
import { noiseConcat } from "../../src/kernels/noise_concat";
import { gaussian } from "../../src/random";
import { referenceOf } from "../../src/references/references";
import { expectClose } from "../compare";
import { checkRefusals } from "./check_reference";

test("modulate: the reference is the concatenation, each channel scaled by its style", () => {
  const [n, cX, cE, h, w] = [2, 4, 3, 2, 5];
  const random = gaussian(1);
  const values = (count: number) => Float32Array.from({ length: count }, () => random());
  const shapes = { x: [n, cX, h, w], e: [n, cE, h, w], e_activation: [4 + cE] };
  const inputs = {
    x: values(n * cX * h * w),
    e: values(n * cE * h * w),
    e_activation: values(4 + cE),
  };
  const s = values(n * 12);
  const y = referenceOf(noiseConcat)(shapes, inputs);
  const want = y.map((v, i) => {
    const channel = Math.floor(i / (h * w)) % (cX + cE);
    const sample = Math.floor(i / (h * w * (cX + cE)));
    return v * s[sample * 12 + 4 + channel];
  });
  const got = referenceOf(modulate)({ ...shapes, s: [n, 12], sFirst: 4 }, { ...inputs, s });
  expectClose(got, want, 1e-6, "modulate");
  expect(new Set(want).size).toBeGreaterThan(1);
});

checkRefusals(modulate, [
  [
    { x: [1, 3, 2, 2], e: [1, 4, 2, 2], e_activation: [8], s: [1, 8], sFirst: 0 },
    "modulate: x (1, 3, 2, 2) must have a multiple of 4 channels, so that e (1, 4, 2, 2) follows in whole quads",
  ],
  [
    { x: [1, 4, 2, 2], s: [1, 4], sFirst: 4 },
    "modulate: styles 4 to 8 must lie within s (1, 4), in whole quads",
  ],
]);
