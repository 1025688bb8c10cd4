import { numel, type Shape } from "../tensor";
import type { Dtype } from "./every_dtype";

/** Row-major numbers with their shape. A NaN among sizes is one that is not known before a run. */
export interface Numbers {
  readonly shape: Shape;
  readonly data: Float32Array | Float64Array;
}

/** A constant of the graph: stored numbers and what the graph does to them, computed when asked. */
export interface Constant {
  readonly kind: "constant";
  /** null if it depends on what is known only at a run. */
  readonly shape: Shape | null;
  /** Product of the scalars that the graph multiplies in; `load` leaves it out. */
  readonly scale: number;
  /** "I64" stands for every whole-number type. */
  readonly dtype: Dtype | "I64";
  /** Where the numbers come from: names of stored tensors. */
  readonly origin: string;
  /** Steps since the stored tensor; bounded, as every step is a frame of recursion. */
  readonly depth: number;
  /** null: not known before a run. */
  load(): Promise<Numbers | null>;
}

/** What folding may cost in all, so that made-up files cannot take minutes or gigabytes. */
export interface Budget {
  /** Elements read and written. */
  work: number;
  /** Elements kept. */
  memory: number;
}

/** About 100 times what published files need; less than a second, and 16 MB. */
export function newBudget(): Budget {
  return { work: 2 ** 25, memory: 2 ** 21 };
}

const MAX_DEPTH = 64;
/** Numbers that are worked with while the graph is walked: sizes, scalars, FIR taps. */
const MAX_SMALL = 65536;

export const UNKNOWN: Constant = {
  kind: "constant",
  shape: null,
  scale: 1,
  dtype: "F32",
  origin: "a size known only at a run",
  depth: 0,
  load: async () => null,
};

export function literal(shape: Shape, values: readonly number[], origin: string): Constant {
  const numbers = { shape, data: Float64Array.from(values) };
  return { ...UNKNOWN, shape, origin, load: async () => numbers };
}

/** The same numbers under another scale. */
export function scaled(constant: Constant, factor: number): Constant {
  return { ...constant, scale: constant.scale * factor };
}

/** A constant computed from others; their scales are multiplied in unless `keepScale`. */
export function derive(
  from: readonly Constant[],
  shape: Shape | null,
  compute: (inputs: readonly Numbers[]) => Numbers | null,
  budget: Budget,
  keepScale = false,
): Constant {
  const depth = 1 + Math.max(0, ...from.map((c) => c.depth));
  const known = shape === null || shape.every((size) => size >= 0);
  if (depth > MAX_DEPTH || !known || (shape && !(numel(shape) <= limit(from)))) return UNKNOWN;
  let kept: Promise<Numbers | null> | undefined;
  const run = async () => {
    const inputs: Numbers[] = [];
    for (const constant of from) {
      const numbers = await (keepScale ? constant.load() : loadScaled(constant));
      if (numbers === null) return null;
      inputs.push(numbers);
    }
    return compute(inputs);
  };
  const cost = sizeOf(from) + (shape ? numel(shape) : 0);
  const load = () => {
    if (kept) return kept;
    if (shape === null || numel(shape) > MAX_SMALL) return run();
    budget.work -= 1 + cost;
    if (budget.work < 0) return Promise.resolve(null);
    const result = run();
    budget.memory -= numel(shape);
    if (budget.memory >= 0) kept = result;
    return result;
  };
  const scale = keepScale ? from[0].scale : 1;
  const main = from.find((c) => c.origin !== UNKNOWN.origin) ?? UNKNOWN;
  return { kind: "constant", shape, scale, dtype: main.dtype, origin: main.origin, depth, load };
}

// A computed constant is never much larger than what the file stores.
function limit(from: readonly Constant[]): number {
  return Math.max(MAX_SMALL, sizeOf(from));
}

function sizeOf(from: readonly Constant[]): number {
  return from.reduce((n, c) => n + (c.shape ? numel(c.shape) : 0), 0);
}

async function loadScaled(constant: Constant): Promise<Numbers | null> {
  const numbers = await constant.load();
  if (numbers === null || constant.scale === 1) return numbers;
  return { shape: numbers.shape, data: Float64Array.from(numbers.data, (v) => v * constant.scale) };
}

/** The values of a small constant with its scale, or null if it is large or not known. */
export async function valuesOf(constant: Constant): Promise<number[] | null> {
  if (constant.shape === null || numel(constant.shape) > MAX_SMALL) return null;
  const numbers = await loadScaled(constant);
  return numbers && Array.from(numbers.data);
}

/** The value of a constant of one element, or null. */
export async function scalarOf(constant: Constant): Promise<number | null> {
  if (constant.shape === null || numel(constant.shape) !== 1) return null;
  return (await valuesOf(constant))?.[0] ?? null;
}
