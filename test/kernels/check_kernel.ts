import { expect, test } from "vitest";
import type { Gpu } from "../../src/gpu/open";
import { prepare } from "../../src/gpu/prepare";
import { DEFAULT_LIMITS } from "../../src/graph/bands";
import { type CompileOptions, compile } from "../../src/graph/compile";
import { input, type Node, type OpNode, op } from "../../src/graph/node";
import { readBytes, run } from "../../src/graph/run";
import type { AnyKernel, Kernel } from "../../src/kernels/kernel";
import { type Layout, type Precision, pack } from "../../src/kernels/layout";
import { gaussian } from "../../src/random";
import { numel, type Shape } from "../../src/tensor";
import { decodeF16, encodeF16 } from "../../src/weights/dtype";
import { expectClose } from "../compare";
import { openTestGpu } from "../gpu";

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
  /** Other inputs than from the standard normal distribution. */
  readonly fill?: Readonly<Record<string, Values>>;
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
  { tolerance, cases, bands = [], fill = {} }: KernelChecks<Args>,
): void {
  const all = [...cases, ...bands];
  const layouts = Object.values(kernel.layouts(all[0].args));
  const makeFirst = () => makeCall(kernel, all[0], fill, 0, "f16");
  const check = async (gpu: Gpu, precision: Precision) => {
    const allowed = tolerance + (precision === "f16" ? F16_ROUNDING : 0);
    for (const [i, each] of all.entries()) {
      const call = makeCall(kernel, each, fill, i, precision);
      if (precision === "f16" && variantOf(call) !== variantOf(makeFirst())) continue;
      const want = kernel.reference(each.args, call.values);
      expectClose(await runCall(gpu, call, { precision }), want, allowed, each.why);
    }
  };
  test(`${kernel.name} gives the reference's numbers in f32`, async () => {
    await check(await openTestGpu(), "f32");
  });
  test.runIf(layouts.some(({ follows }) => follows))(`${kernel.name} in f16`, async () => {
    await check(await openTestGpu({ features: ["shader-f16"] }), "f16");
  });
  test.runIf(bands.length > 0)(`${kernel.name} gives the same bits in bands`, async () => {
    const gpu = await openTestGpu();
    for (const [i, each] of bands.entries()) {
      const call = makeCall(kernel, each, fill, i, "f32");
      const limits = { ...DEFAULT_LIMITS, maxStorageBufferBindingSize: each.bindingBytes };
      expect(compile({ y: call.node }, { limits }).steps.length, each.why).toBeGreaterThan(1);
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
function variantOf({ node }: Call): string {
  const { dispatch } = compile({ y: node }).steps[0];
  return JSON.stringify([dispatch.prelude, dispatch.overrides]);
}

/** A node whose inputs are all given at the run, and their values. */
interface Call {
  readonly node: OpNode;
  readonly values: Readonly<Record<string, Float32Array>>;
}

/** op() without the types of one kernel. */
const anyOp = op as (
  kernel: AnyKernel,
  name: string,
  inputs: Record<string, Node>,
  attributes: object,
) => OpNode;

function makeCall<Args extends object>(
  kernel: Kernel<Args>,
  { why, args, values: given = {} }: KernelCase<Args>,
  fill: Readonly<Record<string, Values>>,
  seed: number,
  precision: Precision,
): Call {
  const random = gaussian(seed);
  const layouts = kernel.layouts(args);
  const nodes: Record<string, Node> = {};
  const values: Record<string, Float32Array> = {};
  const attributes = { ...args } as Record<string, unknown>;
  for (const name of kernel.bindings.slice(1, -1)) {
    const shape = attributes[name] as Shape | undefined;
    delete attributes[name];
    if (!shape) continue;
    nodes[name] = input(name, shape, layouts[name]);
    const make: Values = fill[name] ?? ((_, random) => random());
    const exact = Float32Array.from(
      given[name] ?? Array.from({ length: numel(shape) }, (_, i) => make(i, random)),
    );
    expect(exact.length, `${why}: values of ${name}`).toBe(numel(shape));
    values[name] =
      layouts[name].follows && precision === "f16" ? decodeF16(encodeF16(exact)) : exact;
  }
  return { node: anyOp(kernel, why, nodes, attributes), values };
}

/** Runs one call on a y full of NaN, and checks that its padding is zero afterwards. */
async function runCall(gpu: Gpu, { node, values }: Call, options: CompileOptions) {
  const program = compile({ y: node }, options);
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
  const real = pack(layout, node.shape, new Float32Array(numel(node.shape)).fill(1), precision);
  const got = new Uint8Array(bytes);
  const ones = new Uint32Array(real.buffer);
  const words = new Uint32Array(got.slice().buffer);
  // Two f16 share a word: compare halves where the layout is made of them.
  const halves = layout.follows && precision === "f16";
  const mask = halves ? new Uint16Array(real.buffer) : ones;
  const numbers = halves ? new Uint16Array(words.buffer) : words;
  const at = numbers.findIndex((bits, i) => mask[i] === 0 && bits << (halves ? 17 : 1) !== 0);
  if (at >= 0) expect.fail(`${node.name}: padding ${at} of y is not 0 but ${numbers[at]} in bits`);
}
