import type { Gpu } from "../gpu/open";
import { pipelinesFor } from "../gpu/pipelines";
import { type Executable, prepare } from "../gpu/prepare";
import { compile } from "../graph/compile";
import type { Node } from "../graph/node";
import type { Program } from "../graph/program";
import type { Precision } from "../kernels/layout";
import { checkTiles, wantedTiles } from "./check_tiles";
import { type Contest, type Entry, firstLine, type Trial } from "./contest";
import { type Runner, race } from "./race";
import { randomValues, writeRandom } from "./random_input";

export interface TrialOptions {
  readonly precision: Precision;
  readonly signal?: AbortSignal;
  /** Whether the time is up. */
  readonly late: () => boolean;
}

/**
 * Compiles, checks and times the candidates of a call side by side, in one program that shares its
 * inputs, and frees everything but pipelines. One whose sampled outputs differ from the plain
 * reference is refused and never timed; nor are others once the time is up.
 */
export async function hold(gpu: Gpu, given: Contest, options: TrialOptions): Promise<Trial[]> {
  const { precision, signal, late } = options;
  const faults = await compilePipelines(
    gpu,
    given.entries.map(({ alone }) => alone),
  );
  signal?.throwIfAborted();
  const fit = given.entries.filter((_, i) => faults[i] === undefined);
  const refused: Trial[] = [...given.refused];
  given.entries.forEach(({ name }, i) => {
    if (faults[i] !== undefined) refused.push({ name, refused: faults[i] });
  });
  if (fit.length === 0) return refused;
  const values = valuesOf(given, precision);
  const executable = await prepareAll(gpu, given, fit, precision, values);
  try {
    const wanted = wantedTiles(given, precision, values);
    const right: { runner: Runner; trial: Trial }[] = [];
    for (const [i, runner] of runnersOf(executable.program, fit.length).entries()) {
      if (late()) return [...right.map(({ trial }) => trial), ...refused];
      signal?.throwIfAborted();
      const output = executable.program.outputs[`y${i}`];
      const trial = {
        name: fit[i].name,
        ...(await checkTiles(executable, output, runner, wanted)),
      };
      if (trial.refused === undefined) right.push({ runner, trial });
      else refused.push(trial);
    }
    const runners = right.map(({ runner }) => runner);
    const times = late() || right.length === 0 ? [] : await race(executable, runners, late);
    return [...right.map(({ trial }, i) => ({ ...trial, ms: times[i] })), ...refused];
  } finally {
    executable.dispose();
  }
}

/** What is wrong with the pipelines of each program, or undefined. */
export async function compilePipelines(
  gpu: Gpu,
  programs: readonly Program[],
): Promise<(string | undefined)[]> {
  gpu.device.pushErrorScope("validation"); // what a shader reports, its pipeline reports again
  const outcomes = Promise.allSettled(programs.map((program) => pipelinesFor(gpu, program)));
  const scope = gpu.device.popErrorScope().catch(() => null);
  const settled = await outcomes;
  await scope;
  gpu.check();
  return settled.map((outcome) =>
    outcome.status === "rejected" ? firstLine(outcome.reason) : undefined,
  );
}

/** Whole inputs by name, each made once: weights are uploaded, and read by the reference. */
function valuesOf({ random }: Contest, precision: Precision) {
  const made = new Map<string, Float32Array>();
  return (name: string): Float32Array => {
    const values = made.get(name) ?? randomValues(random[name], precision);
    made.set(name, values);
    return values;
  };
}

/** The candidates as outputs y0, y1, ... of one program; inputs are outputs too so that they stay. */
async function prepareAll(
  gpu: Gpu,
  { node, random }: Contest,
  entries: readonly Entry[],
  precision: Precision,
  values: (name: string) => Float32Array,
): Promise<Executable> {
  const outputs: [string, Node][] = entries.map(({ y }, i) => [`y${i}`, y]);
  const given = Object.entries(node.inputs).filter(([, { kind }]) => kind === "input");
  const described = Object.fromEntries([...outputs, ...given]);
  const program = await compile(described, { precision, limits: gpu.limits });
  const executable = await prepare(gpu, program, async (name) => values(name));
  for (const [name, index] of Object.entries(program.inputs)) {
    writeRandom(gpu.device.queue, executable.buffer(index), random[name], precision);
  }
  return executable;
}

/** Which steps compute which output: they lie one after another, as the outputs do. */
function runnersOf({ steps, outputs }: Program, count: number): Runner[] {
  let first = 0;
  return Array.from({ length: count }, (_, i) => {
    const end = 1 + steps.findLastIndex(({ writes }) => writes === outputs[`y${i}`]);
    const runner = { first, end };
    first = end;
    return runner;
  });
}
