import { expect, test } from "vitest";
import type { Gpu } from "../../src/gpu/open";
import { prepare } from "../../src/gpu/prepare";
import { type CompileOptions, compile } from "../../src/graph/compile";
import { DEFAULT_LIMITS } from "../../src/graph/limits";
import type { OpNode } from "../../src/graph/node";
import { readBytes } from "../../src/graph/run";
import { run } from "../../src/graph/run_alone";
import type { Kernel } from "../../src/kernels/kernel";
import { type Layout, type Precision, pack } from "../../src/kernels/layout";
import { gaussian } from "../../src/random";
import { referenceOf } from "../../src/references/references";
import { numel } from "../../src/tensor";
import { decodeF16, encodeF16 } from "../../src/weights/dtype";
import { expectClose } from "../compare";
import { openTestGpu } from "../gpu";
import { callNode } from "./call_node";

type Values = (i: number, random: () => number) => number;

/** One call of a kernel: the shapes of its inputs and its attributes, as its contract takes them. */
export interface KernelCase<Args> {
  readonly why: string;
  readonly args: Args;
  /** Inputs that must not be random, such as tables. */
  readonly values?: Readonly<Record<string, ArrayLike<number>>>;
}

export interface KernelChecks<Args> {
  /** Of the largest output, in f32. */
  readonly tolerance: number;
  readonly cases: readonly KernelCase<Args>[];
  /** Cases to run again with no more than `bindingBytes` bound at a time. */
  readonly bands?: readonly (KernelCase<Args> & { readonly bindingBytes: number })[];
  /** What the arguments must be on this adapter, where its subgroups decide. */
  readonly adapt?: (args: Args, gpu: Gpu) => Args;
  /** Other inputs than from the standard normal distribution. */
  readonly fill?: Readonly<Record<string, Values>>;
  /** What the device must have; without it the tests are skipped and counted. */
  readonly features?: readonly GPUFeatureName[];
  /** Fewest threads that a subgroup must have. */
  readonly subgroupSize?: number;
  /** The kernel's name where it is not tested twice. */
  readonly title?: string;
}

/** One rounding of y to f16; WGSL lets a conversion round either way, so that it is a whole ulp. */
const F16_ROUNDING = 2 ** -10;

/**
 * Tests a shader: equal to its reference within tolerance, in f32 and, where anything is stored in
 * it, in f16; every number of y written, its padding zero; the same bits when run band by band.
 *
 * In f16 only the first case's variant runs: storage does not depend on what else is chosen, and a
 * software driver takes seconds to compile each variant.
 */
export function checkKernel<Args extends object>(
  kernel: Kernel<Args>,
  {
    tolerance,
    cases,
    bands = [],
    fill = {},
    title = kernel.name,
    adapt,
    ...needs
  }: KernelChecks<Args>,
): void {
  const open = (features: readonly GPUFeatureName[] = []) =>
    openTestGpu({ ...needs, features: [...(needs.features ?? []), ...features] });
  const all = [...cases, ...bands];
  const layouts = Object.values(kernel.layouts(all[0].args));
  const on = (gpu: Gpu, each: KernelCase<Args>) => ({
    ...each,
    args: adapt ? adapt(each.args, gpu) : each.args,
  });
  const check = async (gpu: Gpu, precision: Precision) => {
    const allowed = tolerance + (precision === "f16" ? F16_ROUNDING : 0);
    const first = makeCall(kernel, on(gpu, all[0]), fill, 0, precision);
    for (const [i, stated] of all.entries()) {
      const each = on(gpu, stated);
      const call = makeCall(kernel, each, fill, i, precision);
      if (precision === "f16" && (await variantOf(call)) !== (await variantOf(first))) continue;
      const want = referenceOf(kernel)(each.args, call.values);
      expectClose(await runCall(gpu, call, { precision }), want, allowed, each.why);
    }
  };
  test(`${title} gives the reference's numbers in f32`, async () => {
    await check(await open(), "f32");
  });
  if (layouts.some(({ follows }) => follows)) {
    test(`${title} gives the reference's numbers in f16`, async () => {
      await check(await open(["shader-f16"]), "f16");
    });
  }
  if (bands.length === 0) return;
  test(`${title} gives the same bits in bands`, async () => {
    const gpu = await open();
    for (const [i, each] of bands.entries()) {
      const call = makeCall(kernel, on(gpu, each), fill, i, "f32");
      const limits = { ...DEFAULT_LIMITS, maxStorageBufferBindingSize: each.bindingBytes };
      const { steps } = await compile({ y: call.node }, { limits });
      expect(steps.length, each.why).toBeGreaterThan(1);
      const whole = await runCall(gpu, call, {});
      expectSameBits(await runCall(gpu, call, { limits }), whole, each.why);
    }
  });
}

/** Fails unless both arrays hold the same bits. */
export function expectSameBits(got: Float32Array, want: Float32Array, what: string): void {
  expect(got.length, `${what}: length`).toBe(want.length);
  const [g, w] = [got, want].map((values) => new Uint32Array(values.slice().buffer));
  const at = g.findIndex((bits, i) => bits !== w[i]);
  if (at >= 0) expect.fail(`${what}: differs at ${at}: got ${got[at]}, want ${want[at]}`);
}

/** What tells one compiled shader of a kernel from another. */
async function variantOf({ node }: Call): Promise<string> {
  const { dispatch } = (await compile({ y: node })).steps[0];
  return JSON.stringify([dispatch.prelude, dispatch.overrides]);
}

/** A node whose inputs are all given at the run, and their values. */
interface Call {
  readonly node: OpNode;
  readonly values: Readonly<Record<string, Float32Array>>;
}

function makeCall<Args extends object>(
  kernel: Kernel<Args>,
  { why, args, values: given = {} }: KernelCase<Args>,
  fill: Readonly<Record<string, Values>>,
  seed: number,
  precision: Precision,
): Call {
  const random = gaussian(seed);
  const node = callNode(kernel, why, args);
  const values: Record<string, Float32Array> = {};
  for (const [name, { shape }] of Object.entries(node.inputs)) {
    const make: Values = fill[name] ?? ((_, random) => random());
    const exact = Float32Array.from(
      given[name] ?? Array.from({ length: numel(shape) }, (_, i) => make(i, random)),
    );
    expect(exact.length, `${why}: values of ${name}`).toBe(numel(shape));
    const { follows } = kernel.layouts(args)[name];
    // What f16 stores exactly, so that only the rounding of y is left to differ.
    values[name] = follows && precision === "f16" ? decodeF16(encodeF16(exact)) : exact;
  }
  return { node, values };
}

/** Runs one call on a y full of NaN, and checks that its padding is zero afterwards. */
async function runCall(gpu: Gpu, { node, values }: Call, options: CompileOptions) {
  const program = await compile({ y: node }, options);
  const executable = await prepare(gpu, program, async (name) => {
    throw new Error(`${name} is not an input`);
  });
  try {
    const index = program.outputs.y;
    const poison = new Uint8Array(program.tensors[index].bytes).fill(0xff);
    gpu.device.queue.writeBuffer(executable.buffer(index), 0, poison);
    const { y } = await run(executable, values);
    expectZeroPadding(node, await readBytes(executable, index), program.precision);
    return y;
  } finally {
    executable.dispose();
  }
}

/** Whoever reads y takes whole quads, so that numbers which only fill them up must be 0. */
function expectZeroPadding(node: OpNode, bytes: ArrayBuffer, precision: Precision): void {
  const layout: Layout = node.layout;
  const ones = new Float32Array(numel(node.shape)).fill(1);
  const packed = pack(layout, node.shape, ones, precision).slice(); // its buffer may be larger
  const Words = layout.follows && precision === "f16" ? Uint16Array : Uint32Array;
  const [real, got] = [new Words(packed.buffer), new Words(bytes)];
  const sign = 2 ** (8 * Words.BYTES_PER_ELEMENT - 1); // -0 is a zero too
  for (let i = 0; i < real.length; i++) {
    if (real[i] === 0 && got[i] % sign !== 0)
      expect.fail(`${node.name}: number ${i} of y fills up a quad, but its bits are ${got[i]}`);
  }
}
