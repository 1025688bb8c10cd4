import { expect, test } from "vitest";
import type { Gpu } from "../../src/gpu/open";
import { prepare } from "../../src/gpu/prepare";
import { compile } from "../../src/graph/compile";
import { DEFAULT_LIMITS, type Limits } from "../../src/graph/limits";
import { constant, input, type Node, type OpNode, op, type WeightNode } from "../../src/graph/node";
import { run } from "../../src/graph/run_alone";
import { conv2d } from "../../src/kernels/conv2d";
import { fir } from "../../src/kernels/fir";
import type { AnyKernel } from "../../src/kernels/kernel";
import { IMAGE, type Precision, VECTOR } from "../../src/kernels/layout";
import { modulatedUpconv3x3 } from "../../src/kernels/modulated_upconv3x3";
import { gaussian } from "../../src/random";
import { numel, type Shape } from "../../src/tensor";
import { openTestGpu } from "../gpu";
import { expectSameBits } from "../kernels/check_kernel";

const random = gaussian(1);
const numbers = (shape: Shape) => Float32Array.from({ length: numel(shape) }, random);
const fixed = (name: string, ...shape: number[]): WeightNode =>
  constant(name, shape, [...numbers(shape)]);

interface Pair {
  readonly why: string;
  readonly output: Node;
  readonly values: Readonly<Record<string, Float32Array>>;
  /** Bytes that may be bound at a time, in f32: less than the tensor between the two has. */
  readonly bindingBytes: number;
}

/** Producers and consumers of which the tensor between never exists as a whole. */
const PAIRS: readonly Pair[] = [upsampled(), halved(), projected()];

/** The prior's way up: transposed convolution, then filter; 33 columns between, batch 2. */
function upsampled(): Pair {
  const x = input("x", [2, 5, 9, 16], IMAGE);
  const s = input("s", [2, 8], VECTOR);
  const d = input("d", [2, 8], VECTOR);
  const w = fixed("w", 8, 5, 3, 3);
  const up = op(modulatedUpconv3x3, "up", { x, w, s, d }, { sFirst: 0, dFirst: 0 });
  const pad = { before: 1, after: 1 };
  const output = op(fir, "filtered", { x: up, b: fixed("b", 8) }, { pad, stride: 1, gain: 4 });
  const values = { x: numbers(x.shape), s: numbers(s.shape), d: numbers(d.shape) };
  return { why: "transposed convolution, filter", output, values, bindingBytes: 9216 };
}

/** The encoder's way down: filter, then convolution of stride 2, which reads rows twice. */
function halved(): Pair {
  const x = input("x", [2, 4, 32, 15], IMAGE);
  const pad = { before: 2, after: 2 };
  const blurred = op(fir, "blur", { x }, { pad, stride: 1, gain: 1 });
  const inputs = { x: blurred, w: fixed("w", 8, 4, 3, 3), b: fixed("b", 8) };
  const output = op(conv2d, "halved", inputs, { stride: 2, pad: 0, activate: true });
  return {
    why: "filter, convolution",
    output,
    values: { x: numbers(x.shape) },
    bindingBytes: 3072,
  };
}

/** The discriminator's shortcut: a filter that keeps every other pixel, then 1x1. */
function projected(): Pair {
  const x = input("x", [1, 8, 32, 15], IMAGE);
  const pad = { before: 1, after: 1 };
  const kept = op(fir, "every other", { x }, { pad, stride: 2, gain: 1 });
  const inputs = { x: kept, w: fixed("w", 5, 8, 1, 1) };
  const output = op(conv2d, "projected", inputs, { stride: 1, pad: 0, activate: false });
  return {
    why: "strided filter, 1x1",
    output,
    values: { x: numbers(x.shape) },
    bindingBytes: 2304,
  };
}

async function runOnce(gpu: Gpu, pair: Pair, precision: Precision, limits: Limits) {
  const program = await compile({ output: pair.output }, { limits, precision });
  const executable = await prepare(gpu, program, async () => new Float32Array());
  const { output } = await run(executable, pair.values);
  executable.dispose();
  return { output, program };
}

async function check(gpu: Gpu, precision: Precision) {
  for (const pair of PAIRS) {
    const bytes = pair.bindingBytes * (precision === "f16" ? 0.75 : 1);
    const limits = { ...DEFAULT_LIMITS, maxStorageBufferBindingSize: bytes };
    const whole = await runOnce(gpu, pair, precision, DEFAULT_LIMITS);
    const banded = await runOnce(gpu, pair, precision, limits);
    expect(whole.program.steps.length, pair.why).toBe(2);
    const scratch = banded.program.tensors.filter((tensor) => tensor.scratch);
    expect(scratch.length, pair.why).toBe(1);
    expect(banded.program.steps.length, pair.why).toBeGreaterThan(2);
    expectSameBits(banded.output, whole.output, pair.why);
  }
}

test("two kernels that alternate band by band give the same bits as one after the other", async () => {
  await check(await openTestGpu(), "f32");
});

test("and so they do where a quad has 8 bytes", async () => {
  await check(await openTestGpu({ features: ["shader-f16"] }), "f16");
});

test("steps that would take long are cut by their work, to the same bits", async () => {
  const gpu = await openTestGpu();
  const [up, halved] = PAIRS;
  for (const pair of [up, halved]) {
    const whole = await runOnce(gpu, pair, "f32", DEFAULT_LIMITS);
    const most = Math.max(...whole.program.steps.map(({ kernel, node }) => macsOf(kernel, node)));
    const maxMacs = most / 5;
    const cut = await runOnce(gpu, pair, "f32", { ...DEFAULT_LIMITS, maxMacs });
    for (const { kernel, node, band } of cut.program.steps) {
      const [n, , h] = node.shape;
      const part = (band.rows * band.count) / (n * h);
      expect(part * macsOf(kernel, node), pair.why).toBeLessThanOrEqual(maxMacs);
    }
    expect(cut.program.steps.length, pair.why).toBeGreaterThan(6);
    expectSameBits(cut.output, whole.output, pair.why);
  }
});

function macsOf({ macs }: AnyKernel, { args }: OpNode): number {
  return macs?.(args) ?? 0;
}
