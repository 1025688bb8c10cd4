import type { Shape } from "../tensor";
import type { Constant } from "./onnx_constant";
import type { OnnxNode } from "./onnx_file";

/** A scalar that the graph multiplies into what flows; noise weights are such scalars too. */
export interface Scalar {
  readonly constant: Constant;
  readonly value: number;
}

/**
 * What flows along an edge of the graph, as far as GPEN's layers go: a signal that a layer made,
 * times scalars, a style vector and a demodulation vector. Views (Reshape, Transpose, ...) leave
 * a flow as it is; resampling (Pad, Slice, FIR filters) marks it moved.
 */
export interface Flow {
  readonly kind: "flow";
  readonly base: Signal;
  readonly scalars: readonly Scalar[];
  /** Weights of the shifted copies that a FIR filter adds up; [1] where there was none. */
  readonly taps: readonly number[];
  readonly style: Flow | null;
  readonly demod: Stat | null;
  readonly moved: boolean;
}

interface Made {
  readonly node: OnnxNode;
}

/** The picture, or noise: what no node of the graph computes from other signals. */
export interface Source extends Made {
  readonly is: "input" | "random";
}
/** A parameter that a style is multiplied into before it is used. */
export interface Parameter extends Made {
  readonly is: "parameter";
  readonly constant: Constant;
}
/** A layer: weight as (out, in) for "fc", (cOut, cIn, k, k) for "conv" and "up". */
export interface Linear extends Made {
  readonly is: "linear";
  readonly op: "fc" | "conv" | "up";
  readonly weight: Constant;
  readonly scalars: readonly Scalar[];
  readonly input: Flow;
  readonly style: Flow | null;
  readonly demod: Stat | null;
}
export interface Sum extends Made {
  readonly is: "sum";
  readonly terms: readonly Flow[];
  readonly biases: readonly Constant[];
}
/** leaky_relu(of, 0.2) */
export interface Act extends Made {
  readonly is: "act";
  readonly of: Flow;
}
export interface Concat extends Made {
  readonly is: "concat";
  readonly parts: readonly Flow[];
}
/** (reduce(of^2) + eps)^power; pixel norm and demodulation are made of these. */
export interface Stat extends Made {
  readonly is: "stat";
  readonly of: Flow;
  /** A constant is the matrix (in, out) that squared styles are multiplied by. */
  readonly reduced: "no" | "sum" | "mean" | Constant;
  readonly eps: number;
  readonly power: 1 | 0.5 | -0.5;
}
/** of * rsqrt(mean(of^2) + eps) */
export interface Norm extends Made {
  readonly is: "norm";
  readonly of: Flow;
}
/** of > 0, or of < 0 if not `positive`. */
export interface Sign extends Made {
  readonly is: "sign";
  readonly of: Flow;
  readonly positive: boolean;
}
/** A node that no rule fits; an error only if a layer needs it. */
export interface Opaque extends Made {
  readonly is: "opaque";
}

export type Signal = Source | Parameter | Linear | Sum | Act | Concat | Stat | Norm | Sign | Opaque;

export type Edge = Constant | Flow;

export function flow(base: Signal): Flow {
  return { kind: "flow", base, scalars: [], taps: [1], style: null, demod: null, moved: false };
}

export function opaque(node: OnnxNode): Flow {
  return flow({ is: "opaque", node });
}

/** Nothing but the signal itself: no factor, no filter. */
export function isPlain(x: Flow): boolean {
  return x.scalars.length === 0 && isWhole(x) && !x.moved;
}

/** The signal times scalars, and nothing else. */
export function isWhole(x: Flow): boolean {
  return x.taps.length === 1 && x.taps[0] === 1 && !x.style && !x.demod;
}

export function product(scalars: readonly Scalar[]): number {
  return scalars.reduce((p, { value }) => p * value, 1);
}

/** The same signal with the same vectors: two such flows differ by numbers alone. */
export function sameSignal(a: Flow, b: Flow): boolean {
  const base = a.base === b.base || (isParameter(a) && isParameter(b) && sameParameter(a, b));
  const style = a.style === b.style || (!!a.style && !!b.style && a.style.base === b.style.base);
  return base && style && a.demod === b.demod;
}

function sameParameter(a: Flow, b: Flow): boolean {
  return (a.base as Parameter).constant.origin === (b.base as Parameter).constant.origin;
}

export function isParameter(x: Flow): boolean {
  return x.base.is === "parameter";
}

/** Whether `x` is what a fully connected layer gives, with its bias or without: a style. */
export function isVector(x: Flow): boolean {
  const is = (base: Signal) => base.is === "linear" && base.op === "fc";
  return is(x.base) || (x.base.is === "sum" && x.base.terms.some((term) => is(term.base)));
}

export function countOf(shape: Shape | null): number {
  return shape ? shape.reduce((n, size) => n * size, 1) : 0;
}
