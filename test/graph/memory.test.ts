import { expect, test } from "vitest";
import { compile } from "../../src/graph/compile";
import { gpen } from "../../src/graph/gpen";
import { printProgram } from "../../src/graph/program";
import type { Precision } from "../../src/kernels/layout";
import { NO_TRAITS } from "../../src/lowering/choose";
import { chooseFor } from "../../src/lowering/techniques";
import { CONFIGS } from "./configs";

const lowered = (name: string, precision: Precision) =>
  compile({ output: gpen(CONFIGS[name], 1).output }, { precision, choose: () => undefined });

test("the encoder's full-size feature is made again for its late consumers", async () => {
  const { steps } = await lowered("GPEN-512", "f32");
  const at = (label: string) => steps.findIndex((step) => step.label === label);
  expect(steps.filter(({ label }) => label.startsWith("ecd0")).length).toBe(2);
  expect(at("ecd0.again")).toBe(at("convs.13") - 1);
  expect(printProgram(await lowered("GPEN-512", "f32"))).toMatch(
    /%(\d+) .*# ecd0\.again\n.*modulated_conv3x3\(%\d+, %\1, .*# convs\.13\n.*to_rgb\(%\d+, %\d+, %\1,/,
  );
});

/** As graphics cards run it. */
const onCards = (name: string, precision: Precision) =>
  compile({ output: gpen(CONFIGS[name], 1).output }, { precision, choose: chooseFor(NO_TRAITS) });

// Budgets of weights and activations together, for one picture.
test.each([
  ["GPEN-512", "f32", 620e6],
  ["GPEN-512", "f16", 350e6],
] as const)("%s in %s stays within its budget", async (name, precision, bytes) => {
  for (const { memory } of [await lowered(name, precision), await onCards(name, precision)]) {
    expect(memory.weightBytes + memory.peakBytes).toBeLessThanOrEqual(bytes);
  }
});

test("of GPEN-2048 in f32, what exceeds a buffer by one row exists only in bands", async () => {
  const { tensors } = await onCards("GPEN-2048", "f32"); // throws what does not fit
  const scratch = tensors.filter((tensor) => tensor.scratch).map(({ name }) => name);
  expect(scratch).toContain("ecd1.blur");
});

test("GPEN-1024 in f16 stays within the default bindings", async () => {
  const { memory, steps } = await onCards("GPEN-1024", "f16");
  expect(memory.largestBindingBytes).toBeLessThanOrEqual(128 * 2 ** 20);
  expect(steps.every(({ completes }) => completes)).toBe(true); // without bands
});
