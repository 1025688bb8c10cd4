import { describe, expect, test } from "vitest";
import { GpuError } from "../../src/errors";
import { compile } from "../../src/graph/compile";
import { discriminator } from "../../src/graph/discriminator";
import { gpen } from "../../src/graph/gpen";
import { DEFAULT_LIMITS } from "../../src/graph/limits";
import { input, op, weight } from "../../src/graph/node";
import { printProgram } from "../../src/graph/program";
import { sampler } from "../../src/graph/sampler";
import { joined } from "../../src/graph/taps";
import { conv2d } from "../../src/kernels/conv2d";
import { fir } from "../../src/kernels/fir";
import { IMAGE, VECTOR } from "../../src/kernels/layout";
import { linear } from "../../src/kernels/linear";
import { residualAdd } from "../../src/kernels/residual_add";
import { goldenConfig } from "../golden";
import { CONFIGS } from "./configs";
import { expectApart, expectBindable, expectCovered } from "./plan";

const MB = 1e6;
const padded = { stride: 1, pad: 1, activate: true } as const;

describe.each(Object.entries(CONFIGS))("%s", (_, config) => {
  test.each(["f32", "f16"] as const)("fits the default limits in %s", async (precision) => {
    const program = await compile({ output: gpen(config, 1).output }, { precision });
    expectApart(program);
    expectBindable(program, DEFAULT_LIMITS);
    expectCovered(program);
    const { peakBytes, sumBytes, largestBytes, largestBindingBytes } = program.memory;
    expect(peakBytes).toBeLessThan(sumBytes);
    expect(largestBytes).toBeLessThanOrEqual(peakBytes);
    expect(largestBindingBytes).toBeLessThanOrEqual(DEFAULT_LIMITS.maxStorageBufferBindingSize);
    for (const bytes of program.slotBytes)
      expect(bytes).toBeLessThanOrEqual(DEFAULT_LIMITS.maxBufferSize);
  });
});

test("no activation of GPEN-512 is larger than the 513 x 513 x 64 before its last filter", async () => {
  const { memory } = await compile({ output: gpen(CONFIGS["GPEN-512"], 1).output });
  expect(memory.largestBytes).toBe(513 * 513 * 64 * 4);
  expect(memory.largestBytes).toBeLessThanOrEqual(67.4 * MB);
});

test("GPEN-1024's transposed convolution never exists as a whole", async () => {
  const { tensors, steps } = await compile({ output: gpen(CONFIGS["GPEN-1024"], 1).output });
  const scratch = tensors.filter((tensor) => tensor.scratch);
  expect(scratch.map(({ name }) => name)).toEqual(["ecd1.blur", "convs.14.up"]);
  // 1025 x 1025 x 32 f32 are 134.5 MB, just over the limit: two bands of half the rows.
  for (const { bytes } of scratch) expect(bytes).toBeLessThan(0.51 * 1025 * 1025 * 32 * 4);
  const order = steps.filter(({ label }) => label.startsWith("convs.14")).map(({ label }) => label);
  expect(order).toEqual([
    "convs.14.up [rows 0-513]",
    "convs.14 [rows 0-511]",
    "convs.14.up [rows 511-1024]",
    "convs.14 [rows 512-1023]",
  ]);
});

describe("no two tensors that are alive at once share a slot", () => {
  const tiny = goldenConfig("bfr32");
  const networks = {
    "with every intermediate, batch 2": {
      ...joined(gpen(tiny, 2).taps),
      output: gpen(tiny, 2).output,
    },
    "noise added": { output: gpen(goldenConfig("noise_add"), 1).output },
    "no noise": { output: gpen(goldenConfig("noise_none"), 3).output },
    "given noise": { output: gpen(goldenConfig("sr32to64"), 2).output },
    "prior alone": { output: sampler(tiny, 2).output },
    discriminator: { logits: discriminator(tiny, 2).logits },
  };
  test.each(Object.entries(networks))("%s", async (_, outputs) => {
    const limits = { ...DEFAULT_LIMITS, maxStorageBufferBindingSize: 160 * 1024 };
    for (const program of [await compile(outputs), await compile(outputs, { limits })]) {
      expectApart(program);
      expectCovered(program);
    }
  });
});

test("a limit that cuts pictures makes bands and scratch tensors, which stay apart", async () => {
  const { output } = gpen(goldenConfig("pyramid128"), 2);
  // Weights and styles of pyramid128 need 128 KiB; its pictures have up to 532 kB each.
  const limits = { ...DEFAULT_LIMITS, maxStorageBufferBindingSize: 256 * 1024 };
  for (const precision of ["f32", "f16"] as const) {
    const program = await compile({ output }, { limits, precision });
    expect(program.tensors.some(({ scratch }) => scratch)).toBe(true);
    expectApart(program);
    expectBindable(program, limits);
    expectCovered(program);
    const named = new Set(program.steps.filter((step) => step.completes).map(({ node }) => node));
    expect(named.size).toBe(new Set(program.steps.map(({ node }) => node)).size);
  }
});

test("bfr32 compiles to this program", async () => {
  const program = await compile({ output: gpen(goldenConfig("bfr32"), 1).output });
  await expect(`${printProgram(program)}\n`).toMatchFileSnapshot("bfr32.program.txt");
});

test("one weight that lies in two ways is a mistake in the network", async () => {
  const b = weight("b", [8, 8]);
  const x = input("x", [1, 8], VECTOR);
  const y = op(linear, "reads it as a matrix", { x, w: b, b: weight("c", [8]) }, padded);
  const z = op(
    linear,
    "reads it as vectors",
    { x: b, w: weight("d", [8, 8]), b: weight("e", [8]) },
    padded,
  );
  await expect(compile({ y, z })).rejects.toThrow(
    "reads it as vectors: reads b as vector, but it lies as matrix",
  );
});

describe("what cannot be placed is refused", () => {
  const x = input("x", [1, 64, 64, 64], IMAGE);
  const w = weight("w", [64, 64, 3, 3]);
  const layer = op(conv2d, "layer", { x, w }, padded);
  const limits = (binding: number, buffer: number) => ({
    limits: { ...DEFAULT_LIMITS, maxStorageBufferBindingSize: binding, maxBufferSize: buffer },
  });

  test("rows that are too long", async () => {
    const refused = () => compile({ layer }, limits(16 * 1024, 2 ** 28));
    await expect(refused()).rejects.toThrow(GpuError);
    await expect(refused()).rejects.toThrow(
      "layer: 1048576 bytes, or the tensors it reads, cannot be bound 16384 bytes at a time; use a smaller model or a device with larger limits",
    );
  });

  test("weights that are too large", async () => {
    await expect(compile({ layer }, limits(128 * 1024, 2 ** 28))).rejects.toThrow(
      /^layer \[rows 0-\d+\]: a binding of 147456 bytes exceeds the device's limit, 131072; use f16 or a smaller model$/,
    );
  });

  test("buffers that are too large", async () => {
    await expect(compile({ layer }, limits(2 ** 20, 2 ** 20 - 1))).rejects.toThrow(
      "x: 1048576 bytes exceed the device's largest buffer, 1048575; use f16, a smaller model or a smaller picture",
    );
  });

  test("a kernel that has no rows", async () => {
    const long = input("long", [1, 2 ** 16], VECTOR);
    const b = weight("b", [4]);
    const y = op(linear, "head", { x: long, w: weight("v", [4, 2 ** 16]), b }, padded);
    await expect(compile({ y }, limits(2 ** 18, 2 ** 28))).rejects.toThrow(
      "head: a binding of 1048576 bytes exceeds the device's limit, 262144",
    );
  });
});

test("a tensor with two consumers, or that is an output, is kept whole", async () => {
  const x = input("x", [1, 4, 32, 32], IMAGE);
  const blur = { pad: { before: 1, after: 1 }, stride: 1, gain: 4 } as const;
  const wide = op(conv2d, "wide", { x, w: weight("w", [8, 4, 3, 3]) }, padded);
  const one = op(fir, "one", { x: wide }, blur);
  const two = op(fir, "two", { x: wide }, blur);
  const limits = { ...DEFAULT_LIMITS, maxStorageBufferBindingSize: 20_000 };
  const scratch = async (outputs: Parameters<typeof compile>[0]) => {
    const { tensors } = await compile(outputs, { limits });
    return tensors.filter((tensor) => tensor.scratch).map(({ name }) => name);
  };
  expect(await scratch({ one })).toEqual(["wide"]);
  expect(await scratch({ one, wide })).toEqual([]);
  expect(await scratch({ sum: op(residualAdd, "sum", { a: one, b: two }, {}) })).not.toContain(
    "wide",
  );
});
