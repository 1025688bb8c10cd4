import { numel, type Shape } from "../tensor";
import {
  type Budget,
  type Constant,
  derive,
  type Numbers,
  UNKNOWN,
  valuesOf,
} from "./onnx_constant";
import { broadcast, broadcastShape, gatherStrided, stridesOf } from "./onnx_view";

const UNKNOWN_SIZE = [Number.NaN];
const MAX_SIZES = 64; // pads and shapes have at most 12

/** Elements along `axis`; from something unknown, one unknown number per index. */
export async function gather(
  x: Constant,
  index: Constant,
  axis: number,
  budget: Budget,
): Promise<Constant> {
  const at = await valuesOf(index);
  if (at === null || index.shape === null || index.shape.length > 1) return UNKNOWN;
  if (x.shape === null) {
    const data = Float64Array.from(at, () => Number.NaN);
    return derive([], index.shape, () => ({ shape: index.shape!, data }), budget);
  }
  const dim = axis < 0 ? axis + x.shape.length : axis;
  const size = x.shape[dim] ?? 0;
  const own = at.map((i) => (i < 0 ? i + size : i));
  if (!own.every((i) => Number.isInteger(i) && i >= 0 && i < size)) return UNKNOWN;
  const shape = [...x.shape.slice(0, dim), ...index.shape, ...x.shape.slice(dim + 1)];
  const [outer, inner] = [numel(x.shape.slice(0, dim)), numel(x.shape.slice(dim + 1))];
  const compute = ([n]: readonly Numbers[]) => {
    const source = Float64Array.from({ length: outer * own.length * inner }, (_, i) => {
      const o = Math.floor(i / (own.length * inner));
      const k = own[Math.floor(i / inner) % own.length];
      return n.data[(o * size + k) * inner + (i % inner)];
    });
    return { shape, data: n.data instanceof Float32Array ? Float32Array.from(source) : source };
  };
  return derive([x], shape, compute, budget, true);
}

interface Bounds {
  readonly starts: readonly number[] | null;
  readonly ends: readonly number[] | null;
  readonly axes: readonly number[] | null;
  readonly steps: readonly number[] | null;
}

/** A range with a step along some axes; a step of -1 flips. */
export function slice(x: Constant, bounds: Bounds, budget: Budget): Constant {
  const { starts, ends } = bounds;
  if (x.shape === null || !starts || !ends) return UNKNOWN;
  const axes = bounds.axes ?? starts.map((_, i) => i);
  const shape = [...x.shape];
  const strides = stridesOf(shape);
  let offset = 0;
  for (let i = 0; i < starts.length; i++) {
    const dim = axes[i] < 0 ? axes[i] + shape.length : axes[i];
    const range = rangeOf(x.shape[dim], starts[i], ends[i], bounds.steps?.[i] ?? 1);
    if (!range) return UNKNOWN;
    offset += range.first * strides[dim];
    strides[dim] *= range.step;
    shape[dim] = range.count;
  }
  const compute = ([n]: readonly Numbers[]) => gatherStrided(n, shape, strides, offset);
  return derive([x], shape, compute, budget, true);
}

function rangeOf(size: number | undefined, start: number, end: number, step: number) {
  if (size === undefined || !Number.isInteger(step) || step === 0) return null;
  const clamp = (v: number, low: number, high: number) =>
    Math.min(high, Math.max(low, v < 0 ? v + size : v));
  const first = step > 0 ? clamp(start, 0, size) : clamp(start, 0, size - 1);
  const last = step > 0 ? clamp(end, 0, size) : clamp(end, -1, size - 1);
  const count = Math.max(0, Math.ceil((last - first) / step));
  return Number.isNaN(count) ? null : { first, step, count };
}

/**
 * Repeats sizes of 1. Along a leading axis (the batch) nothing is repeated: a parameter that is
 * given to every picture of a batch is still one parameter.
 */
export function expand(x: Constant, target: readonly number[] | null, budget: Budget): Constant {
  if (x.shape === null || target === null) return x;
  if (target.length > 16) return UNKNOWN;
  const from = x.shape;
  const batch = target.length === from.length && from.length >= 3 && from[0] === 1;
  const wanted = target.map((size, i) => (batch && i === 0 ? 1 : size));
  if (wanted.some((size) => Number.isNaN(size))) return x;
  const shape = broadcastShape(from, wanted);
  if (shape === null) return UNKNOWN;
  return derive([x], shape, ([n]) => broadcast(n, shape), budget, true);
}

/** The whole of `x` repeated along each axis. */
export function tile(x: Constant, repeats: readonly number[] | null, budget: Budget): Constant {
  const { shape } = x;
  const whole = repeats?.every((n) => Number.isInteger(n) && n > 0);
  if (shape === null || !repeats || !whole || repeats.length !== shape.length) return UNKNOWN;
  const to = shape.map((size, i) => size * repeats[i]);
  const pairs = shape.flatMap((size, i) => [repeats[i], size]);
  const alone = shape.flatMap((size) => [1, size]);
  const compute = ([n]: readonly Numbers[]) => {
    return { shape: to, data: broadcast({ shape: alone, data: n.data }, pairs).data };
  };
  return derive([x], to, compute, budget, true);
}

/** Constants one after another; a part that is not known counts as one unknown size. */
export async function concat(
  parts: readonly (Constant | null)[],
  axis: number,
  budget: Budget,
): Promise<Constant> {
  const known = parts.flatMap((part) => (part ? [part] : []));
  const flat = known.every((part) => part.shape === null || part.shape.length === 1);
  if (!flat || axis > 0 || axis < -1) return UNKNOWN;
  const sizes: number[] = [];
  if (known.reduce((n, part) => n + (part.shape?.[0] ?? 1), 0) > MAX_SIZES) return UNKNOWN;
  for (const part of known) sizes.push(...((await valuesOf(part)) ?? UNKNOWN_SIZE));
  const shape: Shape = [sizes.length];
  return derive([], shape, () => ({ shape, data: Float64Array.from(sizes) }), budget);
}
