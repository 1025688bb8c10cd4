import { numel, type Shape } from "../tensor";
import { type Budget, type Constant, derive, type Numbers, UNKNOWN } from "./onnx_constant";
import { axesWithin, broadcast, broadcastShape, stridesOf } from "./onnx_view";

type Op = (...values: number[]) => number;

export const UNARY: Readonly<Record<string, Op>> = {
  Sqrt: (x) => Math.sqrt(x),
  Neg: (x) => -x,
  Reciprocal: (x) => 1 / x,
  Abs: (x) => Math.abs(x),
  Floor: (x) => Math.floor(x),
  Ceil: (x) => Math.ceil(x),
  Not: (x) => (x === 0 ? 1 : 0),
};

// A comparison with a size that is not known gives NaN, which stays "not known".
const compare = (test: (a: number, b: number) => boolean): Op => {
  return (a, b) => (Number.isNaN(a) || Number.isNaN(b) ? Number.NaN : Number(test(a, b)));
};

export const BINARY: Readonly<Record<string, Op>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  Pow: (a, b) => a ** b,
  Max: (a, b) => Math.max(a, b),
  Min: (a, b) => Math.min(a, b),
  Mod: (a, b) => a - b * Math.floor(a / b),
  Equal: compare((a, b) => a === b),
  Greater: compare((a, b) => a > b),
  Less: compare((a, b) => a < b),
  And: compare((a, b) => a !== 0 && b !== 0),
  Or: compare((a, b) => a !== 0 || b !== 0),
};

export function isComparison(op: string): boolean {
  return ["Equal", "Greater", "Less", "And", "Or"].includes(op);
}

/** `op` over constants of shapes that fit together, one output per element. */
export function elementwise(from: readonly Constant[], op: Op, budget: Budget): Constant {
  let shape: Shape | null = from[0].shape;
  for (const { shape: other } of from.slice(1)) {
    shape = shape && other && broadcastShape(shape, other);
  }
  if (shape === null) return UNKNOWN;
  const to = shape;
  const whole = from.every((c) => c.dtype === "I64");
  const compute = (inputs: readonly Numbers[]) => {
    const columns = inputs.map((x) => broadcast(x, to).data);
    const data = Float64Array.from({ length: numel(to) }, (_, i) =>
      op(...columns.map((c) => c[i])),
    );
    // Integer division rounds towards zero.
    if (whole && op === BINARY.Div) return { shape: to, data: data.map(Math.trunc) };
    return { shape: to, data: whole ? data : Float32Array.from(data) };
  };
  return derive(from, to, compute, budget);
}

export function where(inputs: readonly (Constant | null)[], budget: Budget): Constant {
  const [condition, a, b] = inputs;
  if (!condition || !a || !b) return UNKNOWN;
  // An Expand's sizes: the condition asks whether a size is -1, which no unknown size is.
  const pick: Op = (c, x, y) => (Number.isNaN(c) || c === 0 ? y : x);
  return elementwise([condition, a, b], pick, budget);
}

const REDUCE: Readonly<Record<string, (a: number, b: number) => number>> = {
  ReduceSum: (a, b) => a + b,
  ReduceMean: (a, b) => a + b,
  ReduceProd: (a, b) => a * b,
};

/** Sum, mean or product over `given` axes, or over all of them. */
export function reduced(
  op: string,
  x: Constant,
  given: readonly number[] | null,
  keep: boolean,
  budget: Budget,
): Constant {
  if (x.shape === null) return UNKNOWN;
  const from = x.shape;
  const axes = given ? axesWithin(given, from.length) : from.map((_, i) => i);
  if (!axes) return UNKNOWN;
  const kept = from.map((size, i) => (axes.includes(i) ? 1 : size));
  const shape = keep ? kept : kept.filter((_, i) => !axes.includes(i));
  const strides = stridesOf(kept).map((stride, i) => (axes.includes(i) ? 0 : stride));
  const own = stridesOf(from);
  const compute = ([n]: readonly Numbers[]) => {
    const data = new Float64Array(numel(kept)).fill(op === "ReduceProd" ? 1 : 0);
    for (let i = 0; i < n.data.length; i++) {
      let at = 0;
      for (let d = 0; d < own.length; d++) at += (Math.floor(i / own[d]) % from[d]) * strides[d];
      data[at] = REDUCE[op](data[at], n.data[i]);
    }
    const count = op === "ReduceMean" ? n.data.length / data.length : 1;
    return { shape, data: data.map((v) => v / count) };
  };
  return derive([x], shape, compute, budget);
}
