import { WeightsError } from "../errors";
import type { Constant } from "./onnx_constant";
import { describe, type OnnxNode } from "./onnx_file";
import { type Act, type Flow, isWhole, type Linear, product, type Scalar } from "./onnx_signal";

/** Relative distance at which two scales count as one: f16 keeps 11 bits, 5e-4, per factor. */
const NEAR = 2e-3;
const FIR = [1, 3, 3, 1]
  .flatMap((a) => [1, 3, 3, 1].map((b) => (a * b) / 64))
  .sort((a, b) => a - b);

/** A constant and what the graph multiplies it by, beyond its own scale, before its layer's gain. */
export interface Part {
  /** Run on the numbers when they are read. */
  readonly check?: ((values: Float32Array, name: string) => Promise<void>) | null;
  readonly constant: Constant;
  readonly factor: number;
}

/** A layer with its bias, as seen from what comes after it. */
export interface Layer {
  readonly linear: Linear;
  readonly weight: Part;
  /** null where the graph adds none. */
  readonly bias: Part | null;
  /** What feeds the layer, and what its activation was multiplied by (sqrt 2, or 1 if folded). */
  readonly input: Flow;
}

export function isNear(value: number, expected: number): boolean {
  return Math.abs(value - expected) <= NEAR * Math.abs(expected);
}

export function refuse(node: OnnxNode, expected: string): never {
  throw new WeightsError(
    `onnx: ${describe(node)} stands where ${expected} was expected; this is not a GPEN, or not written in a way that is known here`,
  );
}

/** sqrt(2) if the first scalar after an activation is that gain, else 1; and the scalars left. */
export function splitGain(x: Flow): { gain: number; rest: readonly Scalar[] } {
  const isGain = x.base.is === "act" && x.scalars[0] && isNear(x.scalars[0].value, Math.SQRT2);
  return isGain
    ? { gain: x.scalars[0].value, rest: x.scalars.slice(1) }
    : { gain: 1, rest: x.scalars };
}

/** The activation that `x` is, up to scalars. */
export function activation(x: Flow, what: string): Act {
  if (x.base.is !== "act" || !isWhole(x)) return refuse(x.base.node, `${what}, activated,`);
  return x.base;
}

/** The linear layer that `x` is the output of, with its bias; noise and styles are not looked at. */
export function layerOf(x: Flow, what: string): Layer {
  const { base } = x;
  if (base.is === "linear") return { ...layerParts(x, base), bias: null };
  if (base.is !== "sum" || base.terms.length !== 1 || base.biases.length > 1 || !isWhole(x)) {
    return refuse(base.node, what);
  }
  const [term] = base.terms;
  if (term.base.is !== "linear") return refuse(term.base.node, what);
  const outer = product(x.scalars);
  return { ...layerParts(term, term.base, outer), bias: biasPart(base.biases[0], outer) };
}

export function biasPart(constant: Constant | undefined, factor: number): Part | null {
  return constant ? { constant, factor } : null;
}

/** `outer` is what the graph multiplies the layer's output by, beyond the scalars of `x`. */
export function layerParts(x: Flow, linear: Linear, outer = 1): Omit<Layer, "bias"> {
  const before = product(splitGain(linear.input).rest);
  const factor = outer * product(x.scalars) * product(linear.scalars) * before;
  return { linear, weight: { constant: linear.weight, factor }, input: linear.input };
}

/** Throws unless the convolution has this kernel, stride and padding. */
export function checkGeometry(
  { node, weight, input }: Linear,
  k: number,
  stride: number,
  pad: number,
  what: string,
): void {
  const all = (name: string, value: number) =>
    (node.attributes.get(name)?.ints ?? []).every((v) => v === value);
  const strides = node.attributes.get("strides")?.ints ?? [1, 1];
  const pads = node.attributes.get("pads")?.ints ?? [0, 0, 0, 0];
  const auto = node.attributes.get("auto_pad")?.text ?? "NOTSET";
  const padded = pads.every((p) => p === pad) || (input.moved && pads.every((p) => p === 0));
  const kernel = weight.shape?.length === 4 && weight.shape[2] === k && weight.shape[3] === k;
  const sound = kernel && strides.every((s) => s === stride) && all("dilations", 1) && padded;
  if (!sound || !["NOTSET", "VALID", ""].includes(auto) || !all("output_padding", 0)) {
    refuse(node, `${what}, ${k}x${k} with stride ${stride} and padding ${pad},`);
  }
}

/** Throws unless `x` went through the [1, 3, 3, 1] filter whose taps sum to `gain`. */
export function checkFir(x: Flow, gain: number, what: string): void {
  const taps = [...x.taps].sort((a, b) => a - b);
  if (taps.length !== 16 || !taps.every((tap, i) => isNear(tap, FIR[i] * gain))) {
    refuse(x.base.node, `${what}, filtered by [1, 3, 3, 1] with taps that sum to ${gain},`);
  }
}
