import { prepare } from "../gpu/prepare";
import { compare } from "../graph/compare";
import type { ReadParameter } from "../graph/node";
import { profile } from "../graph/profile";
import { run } from "../graph/run_alone";
import type { Gpu } from "../index";
import { gaussian } from "../random";
import { numel } from "../tensor";
import type { GpenConfig } from "../weights/config";
import type { ModelKind } from "../weights/parameters";
import { planOf } from "./plan";

/** The tolerance of the whole project for f32, here for a single step. */
const TOLERANCE = 1e-4;

/**
 * The time of every step on the GPU, in the order of the program, and their sum; in f32.
 * Errors: GpuError where the adapter has no timestamps.
 */
export async function profileSteps(
  gpu: Gpu,
  kind: ModelKind,
  config: GpenConfig,
  read: ReadParameter,
): Promise<string[]> {
  return withProgram(gpu, kind, config, read, async (executable, inputs) => {
    await run(executable, inputs); // the first run also compiles what drivers leave for later
    const times = await profile(executable);
    const total = times.reduce((sum, { gpuMs }) => sum + gpuMs, 0);
    const line = (ms: number, what: string) => `${ms.toFixed(3).padStart(11)} ms  ${what}`;
    return [
      ...times.map(({ gpuMs, kernel, label }) => line(gpuMs, `${label} (${kernel})`)),
      line(total, `all ${times.length} steps on ${gpu.name}`),
    ];
  });
}

/**
 * Compares every step with its plain reference on random inputs; in f32.
 * Errors: GpuError at the first step that differs, naming it, the index and both values.
 */
export async function checkSteps(
  gpu: Gpu,
  kind: ModelKind,
  config: GpenConfig,
  read: ReadParameter,
): Promise<string[]> {
  return withProgram(gpu, kind, config, read, async (executable, inputs) => {
    const { steps, worst } = await compare(executable, inputs, TOLERANCE);
    return [
      `check       all ${steps} steps agree with the CPU: at most ${worst.relative.toExponential(1)} of the largest value apart, in ${worst.label}`,
    ];
  });
}

async function withProgram(
  gpu: Gpu,
  kind: ModelKind,
  config: GpenConfig,
  read: ReadParameter,
  use: (
    executable: Awaited<ReturnType<typeof prepare>>,
    inputs: Record<string, Float32Array>,
  ) => Promise<string[]>,
): Promise<string[]> {
  const program = await planOf(kind, config, gpu, "f32");
  const executable = await prepare(gpu, program, read);
  try {
    const inputs = Object.entries(program.inputs).map(([name, index], seed) => [
      name,
      Float32Array.from({ length: numel(program.tensors[index].shape) }, gaussian(seed)),
    ]);
    return await use(executable, Object.fromEntries(inputs));
  } finally {
    executable.dispose();
  }
}
