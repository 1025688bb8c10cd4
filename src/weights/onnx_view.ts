import { numel, type Shape } from "../tensor";
import type { Numbers } from "./onnx_constant";

/** Row-major strides of a shape, in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let i = shape.length - 2; i >= 0; i--) strides[i] = strides[i + 1] * shape[i + 1];
  return strides;
}

/** Copies elements so that output index (i, j, ...) is read at offset + i strides[0] + ... */
export function gatherStrided(
  x: Numbers,
  shape: Shape,
  strides: readonly number[],
  offset = 0,
): Numbers {
  const count = numel(shape);
  const data = x.data instanceof Float32Array ? new Float32Array(count) : new Float64Array(count);
  const index = new Array<number>(shape.length).fill(0);
  let at = offset;
  for (let i = 0; i < count; i++) {
    data[i] = x.data[at];
    for (let d = shape.length - 1; d >= 0; d--) {
      at += strides[d];
      if (++index[d] < shape[d]) break;
      at -= strides[d] * shape[d];
      index[d] = 0;
    }
  }
  return { shape, data };
}

export function transposed(x: Numbers, perm: readonly number[]): Numbers {
  const strides = stridesOf(x.shape);
  return gatherStrided(
    x,
    perm.map((p) => x.shape[p]),
    perm.map((p) => strides[p]),
  );
}

/** `x` repeated along axes of size 1, as elementwise operations do. */
export function broadcast(x: Numbers, shape: Shape): Numbers {
  const extra = shape.length - x.shape.length;
  const own = stridesOf(x.shape);
  const strides = shape.map((_, i) => (i < extra || x.shape[i - extra] === 1 ? 0 : own[i - extra]));
  return gatherStrided(x, shape, strides);
}

/** The shape that elementwise operations give, or null if the two do not fit. */
export function broadcastShape(a: Shape, b: Shape): number[] | null {
  const rank = Math.max(a.length, b.length);
  const sizes = Array.from({ length: rank }, (_, i) => {
    const p = a[i - rank + a.length] ?? 1;
    const q = b[i - rank + b.length] ?? 1;
    return p === q || q === 1 ? p : p === 1 ? q : -1;
  });
  return sizes.includes(-1) ? null : sizes;
}

/**
 * The shape that Reshape gives `count` elements: 0 keeps a size of `from`, one -1 or one size that
 * is not known (NaN) is what remains. A size that holds a batch, which constants have no copies
 * for, is divided by it. null: cannot be told.
 */
export function reshapeTarget(from: Shape, target: readonly number[]): number[] | null {
  const count = numel(from);
  const sizes = target.map((size, i) => (size === 0 ? (from[i] ?? 0) : size));
  const open = sizes.flatMap((size, i) => (size === -1 || Number.isNaN(size) ? [i] : []));
  const rest = sizes.reduce((n, size, i) => (open.includes(i) ? n : n * size), 1);
  if (open.length > 1 || !(rest > 0)) return null;
  if (open.length === 1) {
    sizes[open[0]] = count / rest;
    return Number.isInteger(sizes[open[0]]) ? sizes : null;
  }
  const batch = rest / count;
  const at = Number.isInteger(batch) ? sizes.findIndex((size) => size % batch === 0) : -1;
  if (batch > 1 && at >= 0) return sizes.map((size, i) => (i === at ? size / batch : size));
  return rest === count ? sizes : null;
}

/** Axes as non-negative numbers, in order; null if one lies outside the rank. */
export function axesWithin(axes: readonly number[], rank: number): number[] | null {
  const own = axes.map((axis) => (axis < 0 ? axis + rank : axis));
  return own.every((axis) => Number.isInteger(axis) && axis >= 0 && axis < rank)
    ? own.sort((a, b) => a - b)
    : null;
}
