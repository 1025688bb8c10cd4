import { expect, test } from "vitest";
import { compile } from "../../src/graph/compile";
import { gpen } from "../../src/graph/gpen";
import { printProgram } from "../../src/graph/program";
import type { Precision } from "../../src/kernels/layout";
import { CONFIGS } from "./configs";

const lowered = (name: string, precision: Precision) =>
  compile({ output: gpen(CONFIGS[name], 1).output }, { precision, choose: () => undefined });

test("the encoder's full-size feature is made again for its late consumers", () => {
  const { steps } = lowered("GPEN-512", "f32");
  const at = (label: string) => steps.findIndex((step) => step.label === label);
  expect(steps.filter(({ label }) => label.startsWith("ecd0")).length).toBe(2);
  expect(at("ecd0.again")).toBe(at("convs.13") - 1);
  expect(printProgram(lowered("GPEN-512", "f32"))).toMatch(
    /%(\d+) .*# ecd0\.again\n.*modulated_conv3x3\(%\d+, %\1, .*# convs\.13\n.*to_rgb\(%\d+, %\d+, %\1,/,
  );
});

test("an output is not made twice", () => {
  const { output, taps } = gpen(CONFIGS["GPEN-256"], 1);
  const { steps } = compile({ output, ecd0: taps.ecd0 }, { choose: () => undefined });
  expect(steps.filter(({ label }) => label.startsWith("ecd0")).length).toBe(1);
});

// Budgets of weights and activations together, for one picture.
test.each([
  ["GPEN-512", "f32", 620e6],
  ["GPEN-512", "f16", 350e6],
] as const)("%s in %s stays within its budget", (name, precision, bytes) => {
  const { memory } = lowered(name, precision);
  expect(memory.weightBytes + memory.peakBytes).toBeLessThanOrEqual(bytes);
});
