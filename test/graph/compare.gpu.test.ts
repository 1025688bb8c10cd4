import { expect, test } from "vitest";
import { GpuError } from "../../src/errors";
import type { Gpu } from "../../src/gpu/open";
import { prepare } from "../../src/gpu/prepare";
import { compare } from "../../src/graph/compare";
import { compile } from "../../src/graph/compile";
import { gpen } from "../../src/graph/gpen";
import { DEFAULT_LIMITS } from "../../src/graph/limits";
import { profile } from "../../src/graph/profile";
import type { DispatchStep, Program } from "../../src/graph/program";
import { run } from "../../src/graph/run_alone";
import { wgslOf } from "../../src/kernels/kernel";
import { checkpointReader } from "../../src/weights/gpen";
import { goldenConfig, goldenTensors, openGolden } from "../golden";
import { openTestGpu } from "../gpu";
import { expectSameBits } from "../kernels/check_kernel";

// The widest sums have 9 * 32 products; single kernels are held to 1e-5 likewise.
const TOLERANCE = 1e-5;

/** Room for every weight of bfr32, and for a part of its largest pictures. */
const SMALL = { ...DEFAULT_LIMITS, maxStorageBufferBindingSize: 100 * 1024 };

function program(batch: number, limits = DEFAULT_LIMITS): Promise<Program> {
  return compile({ output: gpen(goldenConfig("bfr32"), batch).output }, { limits });
}

async function load(gpu: Gpu, compiled: Program) {
  const config = goldenConfig("bfr32");
  const read = await checkpointReader(await openGolden("bfr32"), "gpen", config);
  return prepare(gpu, compiled, read);
}

async function face(): Promise<Record<string, Float32Array>> {
  return { input: (await goldenTensors("bfr32")).get("input")! };
}

/** The program with one step's shader changed, its reference left as it is. */
async function altered(
  compiled: Program,
  label: string,
  from: string,
  to: string,
): Promise<Program> {
  const change = async (step: DispatchStep): Promise<DispatchStep> => {
    if (step.label !== label) return step;
    const { kernel } = step;
    const stored = await wgslOf(kernel);
    expect(stored).toContain(from);
    const wgsl = stored.replace(from, to);
    return { ...step, kernel: { ...kernel, name: `${kernel.name} altered`, wgsl } };
  };
  return { ...compiled, steps: await Promise.all(compiled.steps.map(change)) };
}

test("every step of bfr32 equals its reference", async () => {
  const executable = await load(await openTestGpu(), await program(2));
  const { steps, worst } = await compare(executable, await face(), TOLERANCE);
  expect(steps).toBe(executable.program.steps.length);
  expect(worst.label).not.toBe("");
  expect(worst.relative).toBeGreaterThan(0); // sums in another order cannot all agree to the bit
  expect(worst.relative).toBeLessThanOrEqual(TOLERANCE);
  executable.dispose();
});

test("bands and scratch tensors are compared too, and give the same bits", async () => {
  const gpu = await openTestGpu();
  const [whole, banded] = [
    await load(gpu, await program(2)),
    await load(gpu, await program(2, SMALL)),
  ];
  expect(banded.program.steps.length).toBeGreaterThan(whole.program.steps.length);
  const inputs = await face();
  await compare(banded, inputs, TOLERANCE);
  const [want, got] = [await run(whole, inputs), await run(banded, inputs)];
  expectSameBits(got.output, want.output, "restored in bands");
  for (const executable of [whole, banded]) executable.dispose();
});

test.each([
  ["a wrong slope", "convs.3", "SLOPE = 0.2f", "SLOPE = 0.21f"],
  ["NaN", "convs.0", "ROOT_2 * max(v, SLOPE * v)", "sqrt(-1.0 - v * v)"],
  ["zeros", "ecd2", "y[out + ox + p] = Quad(v)", "y[out + ox + p] = Quad(0)"],
])("compare stops at the step whose shader gives %s", async (_, label, from, to) => {
  const executable = await load(
    await openTestGpu(),
    await altered(await program(1), label, from, to),
  );
  const half = (await face()).input;
  const inputs = { input: half.subarray(0, half.length / 2) };
  const error = await compare(executable, inputs, TOLERANCE).catch((caught: Error) => caught);
  executable.dispose();
  expect(error).toBeInstanceOf(GpuError);
  expect((error as GpuError).message).toMatch(
    new RegExp(
      `^compare: step "${label}" differs at index \\d+: the GPU gives \\S+, the reference -?\\d\\S*, allowed 0\\.00001 x \\d`,
    ),
  );
});

test("profile gives a time for every step", async () => {
  const executable = await load(
    await openTestGpu({ features: ["timestamp-query"] }),
    await program(1),
  );
  const times = await profile(executable);
  const { steps } = executable.program;
  expect(times.map(({ label, kernel }) => [label, kernel])).toEqual(
    steps.map(({ label, kernel }) => [label, kernel.name]),
  );
  for (const { label, gpuMs } of times) {
    expect(gpuMs >= 0 && gpuMs < 60_000, `${label}: ${gpuMs} ms`).toBe(true);
  }
  expect(times.some(({ gpuMs }) => gpuMs > 0)).toBe(true); // some drivers count in coarse ticks
  executable.dispose();
});

test("profile says what is missing where steps cannot be timed", async () => {
  const executable = await load(await openTestGpu(), await program(1));
  await expect(profile(executable)).rejects.toThrow(/^profile: .* has no timestamp-query; /);
  executable.dispose();
});
