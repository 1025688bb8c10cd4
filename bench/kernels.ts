import type { Gpu } from "../src/gpu/open";
import { type Executable, prepare } from "../src/gpu/prepare";
import { compile } from "../src/graph/compile";
import type { Choose } from "../src/graph/lower";
import type { Precision } from "../src/kernels/layout";
import { chooseFor } from "../src/lowering/techniques";
import type { CeilingMeter } from "./ceilings";
import { checkLayer } from "./check";
import type { Deadline } from "./deadline";
import { bytesOf, type Layer } from "./layers";
import type { Ceilings, KernelRow, Spread } from "./result";
import { timeProgram } from "./timing";

/** The ceilings are measured again after this many layers. */
const LAYERS_BETWEEN_CEILINGS = 8;

export interface KernelOptions {
  readonly precision: Precision;
  readonly deadline: Deadline;
  /** How calls are computed; as the engine does on this adapter where it is left out. */
  readonly choose?: Choose;
  /** Hears of every layer before it is measured. */
  readonly onLayer?: (layer: Layer, index: number, of: number) => void;
}

export interface KernelResults {
  readonly rows: readonly KernelRow[];
  /** Layers whose output was wrong, one sentence each; they were never timed. */
  readonly refused: readonly string[];
  readonly notes: readonly string[];
}

interface Measured {
  readonly layer: Layer;
  readonly spread: Spread;
  readonly error: number;
  /** Kernels of the program, in order. */
  readonly runs: readonly string[];
}

/** Checks every layer, and times those that are right, as the program that the engine makes of it. */
export async function measureKernels(
  gpu: Gpu,
  layers: readonly Layer[],
  meter: CeilingMeter,
  { precision, deadline, choose = chooseFor(gpu), onLayer }: KernelOptions,
): Promise<KernelResults> {
  const measured: Measured[] = [];
  const refused: string[] = [];
  let left = 0;
  for (const [i, layer] of layers.entries()) {
    if (deadline.passed()) {
      left = layers.length - i;
      break;
    }
    onLayer?.(layer, i, layers.length);
    const outcome = await measureLayer(gpu, layer, { precision, choose });
    if (typeof outcome === "string") refused.push(outcome);
    else measured.push({ layer, ...outcome });
    if (i % LAYERS_BETWEEN_CEILINGS === LAYERS_BETWEEN_CEILINGS - 1) await meter.measure();
  }
  const ceilings = meter.ceilings();
  return {
    rows: measured.map((each) => rowOf(each, ceilings, precision)),
    refused,
    notes:
      left > 0
        ? [`${left} kernel rows were left out when the time was up; use --minutes or --full`]
        : [],
  };
}

/** The time and the error of one layer, or the sentence that says why it was refused. */
async function measureLayer(
  gpu: Gpu,
  layer: Layer,
  options: Required<Pick<KernelOptions, "precision" | "choose">>,
): Promise<Omit<Measured, "layer"> | string> {
  const { node, model, names, read } = layer;
  const name = `${node.kernel.name} ${shapeIn(layer, options.precision)} (${model} ${names[0]})`;
  let executable: Executable | undefined;
  try {
    const program = await compile({ y: node }, { ...options, limits: gpu.limits });
    executable = await prepare(gpu, program, read);
    const { error, fault } = await checkLayer(layer, executable);
    if (fault) return `${name} was refused: ${fault}`;
    const runs = program.steps.map(({ kernel }) => kernel.name);
    return { spread: await timeProgram(executable), error, runs };
  } catch (error) {
    return `${name} failed: ${(error as Error).message}`;
  } finally {
    executable?.dispose();
  }
}

function rowOf(
  { layer, spread, error, runs }: Measured,
  { fmaGflops, copyGbps }: Ceilings,
  precision: Precision,
): KernelRow {
  const { node, model, names } = layer;
  const flop = 2 * (node.kernel.macs?.(node.args) ?? 0);
  const bytes = bytesOf(node, precision === "f16");
  const gflops = flop / (spread.median * 1e6);
  const gbps = bytes / (spread.median * 1e6);
  const intensity = flop / bytes;
  return {
    name: node.kernel.name,
    shape: shapeIn(layer, precision),
    layer: `${model} ${names.join(", ")}`,
    ...(runs.length === 1 && runs[0] === node.kernel.name ? {} : { runs }),
    ms: spread.median,
    spread,
    gflops,
    gbps,
    intensity,
    // Without multiply-adds the roof is the copy's, which is the limit of the same formula.
    ceiling_fraction:
      flop > 0 ? gflops / Math.min(fmaGflops, intensity * copyGbps) : gbps / copyGbps,
    fma_fraction: gflops / fmaGflops,
    error,
  };
}

function shapeIn({ shape }: Layer, precision: Precision): string {
  return precision === "f16" ? `${shape}, f16` : shape;
}
