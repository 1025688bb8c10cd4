import type { Executable } from "../src/gpu/prepare";
import { run } from "../src/graph/run_alone";
import { wholeWeight } from "../src/graph/whole_weight";
import type { Layout, Precision } from "../src/kernels/layout";
import { uniform } from "../src/random";
import type { Reference } from "../src/references/reference";
import { referenceOf } from "../src/references/references";
import { numel, type Shape } from "../src/tensor";
import { decodeF16, encodeF16 } from "../src/weights/dtype";
import type { Layer } from "./layers";
import { SAMPLED, sampleIndices } from "./sampled";

/** Above this many multiply-adds a layer is checked at sampled elements. */
const WHOLE_MACS = 0.3e9;
const SAMPLES = 4096;

/** Of the largest output. The whole network's tolerance in f32; one rounding of each input in f16. */
const TOLERANCE: Readonly<Record<Precision, number>> = { f32: 1e-4, f16: 4e-3 };

/**
 * Of the largest number: outputs of two engines further apart are another picture. f16 stores 11 bits;
 * the whole network's gate there is 45 dB, which this is well inside of.
 */
const PEER_TOLERANCE: Readonly<Record<Precision, number>> = { f32: 1e-3, f16: 3e-2 };

/** Of pixels, whose alpha is 255: numbers halfway between two levels may round either way. */
const ONE_LEVEL = 1 / 255;

/** What a comparison with the plain reference found. */
export interface Checked {
  /** The largest difference, of the largest output. */
  readonly error: number;
  /** What is wrong, in words; undefined if nothing is. */
  readonly fault?: string;
}

/**
 * Runs a layer on seeded inputs, its output full of NaN before, and compares it with the plain
 * reference: whole if that takes seconds at most, else at 4,096 elements, borders and corners included.
 */
export async function checkLayer(
  layer: Layer,
  executable: Executable,
  reference: Reference<never> = referenceOf(layer.node.kernel),
): Promise<Checked> {
  const { node, read } = layer;
  const { program, gpu } = executable;
  const values: Record<string, Float32Array> = {};
  for (const [seed, [name, source]] of Object.entries(node.inputs).entries()) {
    values[name] =
      source.kind === "weight"
        ? await wholeWeight(source, read)
        : numbers(source.shape, node.kernel.layouts(node.args)[name], seed, program.precision);
  }
  const index = program.outputs.y;
  const poison = new Uint8Array(program.tensors[index].bytes).fill(0xff);
  gpu.device.queue.writeBuffer(executable.buffer(index), 0, poison);
  const inputs = Object.keys(program.inputs).map((name) => [name, values[name]]);
  const { y } = await run(executable, Object.fromEntries(inputs));
  const pixels = node.layout.kind === "rgba8";
  return compared(layer, y, values, pixels ? ONE_LEVEL : TOLERANCE[program.precision], reference);
}

/** Uniform numbers of variance 1, or levels of a pixel; in f16 what it stores exactly. */
function numbers(
  shape: Shape,
  { kind, follows }: Layout,
  seed: number,
  precision: Precision,
): Float32Array {
  const next = uniform(seed + 1);
  const values = new Float32Array(numel(shape));
  const width = 2 * Math.sqrt(3);
  for (let i = 0; i < values.length; i++) {
    values[i] = kind === "rgba8" ? Math.floor(256 * next()) : width * (next() - 0.5);
  }
  return follows && precision === "f16" ? decodeF16(encodeF16(values)) : values;
}

function compared(
  { node }: Layer,
  y: Float32Array,
  values: Readonly<Record<string, Float32Array>>,
  tolerance: number,
  reference: Reference<never>,
): Checked {
  const unwritten = y.findIndex((v) => !Number.isFinite(v));
  if (unwritten >= 0) return { error: Number.NaN, fault: `output ${unwritten} is ${y[unwritten]}` };
  const sampled = SAMPLED[node.kernel.name];
  const whole = !sampled || (node.kernel.macs?.(node.args) ?? 0) <= WHOLE_MACS;
  const indices = whole ? undefined : sampleIndices(node.shape, SAMPLES);
  const want = indices
    ? sampled(node.args as never, values, indices)
    : reference(node.args as never, values);
  const { error, at } = largest(indices ? pick(y, indices) : y, want);
  if (error <= tolerance) return { error };
  const where = indices ? indices[at] : at;
  return {
    error,
    fault: `output ${where} is ${y[where]}, the reference gives ${want[at]}, ${error.toExponential(1)} of the largest apart and at most ${tolerance} is allowed`,
  };
}

function pick(y: Float32Array, indices: Uint32Array): Float32Array {
  return Float32Array.from(indices, (index) => y[index]);
}

/** Why a peer's output is another picture than ours, in words; undefined if it is the same. */
export function apart(
  { output, precision }: { readonly output: Float32Array; readonly precision: Precision },
  theirs: Float32Array,
): string | undefined {
  if (theirs.length !== output.length) {
    return `its output has ${theirs.length} numbers and ours ${output.length}`;
  }
  const { error } = largest(output, theirs);
  if (error <= PEER_TOLERANCE[precision]) return undefined;
  return `the outputs are ${error.toExponential(1)} of the largest number apart, and ${PEER_TOLERANCE[precision]} is allowed`;
}

/** Where got and want differ most, of the largest |want|; NaN counts as most. */
export function largest(got: Float32Array, want: Float32Array): { error: number; at: number } {
  let scale = 0;
  for (const v of want) scale = Math.max(scale, Math.abs(v));
  let found = { error: 0, at: 0 };
  for (let at = 0; at < want.length; at++) {
    const error = got[at] === want[at] ? 0 : Math.abs(got[at] - want[at]) / scale;
    if (!(error <= found.error)) found = { error, at };
    if (Number.isNaN(error)) break;
  }
  return found;
}
