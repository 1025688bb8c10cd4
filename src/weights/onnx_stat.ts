import { type Constant, valuesOf } from "./onnx_constant";
import type { OnnxNode } from "./onnx_file";
import { type Flow, flow, isPlain, product, type Stat, sameSignal } from "./onnx_signal";

/** x^2, the beginning of every normalisation. */
export function squared(node: OnnxNode, x: Flow): Flow {
  return flow({ is: "stat", node, of: x, reduced: "no", eps: 0, power: 1 });
}

/** The stat of a flow that nothing else was done to. */
function statOf(x: Flow): Stat | null {
  return x.base.is === "stat" && isPlain(x) ? x.base : null;
}

/** Over which axes is not checked: the layer that uses the stat says which vector it must be. */
export function statReduce(node: OnnxNode, x: Flow): Flow | null {
  const stat = statOf(x);
  if (stat?.reduced !== "no" || stat.eps !== 0 || stat.power !== 1) return null;
  return flow({ ...stat, node, reduced: node.op === "ReduceMean" ? "mean" : "sum" });
}

/** Squares of a style times a matrix (in, out): how demodulation is written on activations. */
export function statMatrix(node: OnnxNode, x: Flow, matrix: Constant): Flow | null {
  const stat = statOf(x);
  if (stat?.reduced !== "no" || stat.power !== 1) return null;
  return flow({ ...stat, node, reduced: matrix });
}

/** + eps. f16 files hold 1e-8 as 0 or as the smallest number their converter allows. */
export async function statAdd(node: OnnxNode, x: Flow, eps: Constant): Promise<Flow | null> {
  const stat = statOf(x);
  const [value, ...others] = (await valuesOf(eps)) ?? [];
  if (!stat || stat.reduced === "no" || stat.power !== 1) return null;
  if (value === undefined || others.some((other) => other !== value)) return null;
  return value >= 0 && value <= 1e-6 ? flow({ ...stat, node, eps: value }) : null;
}

/** A stat to the power 0.5, -0.5 or -1. */
export function rooted(node: OnnxNode, x: Flow, power: 0.5 | -0.5 | -1): Flow | null {
  const stat = statOf(x);
  if (!stat || stat.reduced === "no") return null;
  const result = stat.power * power;
  return result === 0.5 || result === -0.5 ? flow({ ...stat, node, power: result }) : null;
}

/** x * rsqrt(stat): pixel norm if the stat is of x itself, else demodulation of a convolution. */
export function normalise(node: OnnxNode, x: Flow, by: Flow): Flow | null {
  const stat = statOf(by);
  if (stat?.power !== -0.5 || x.demod) return null;
  const own = sameSignal(stat.of, x) && product(stat.of.scalars) === product(x.scalars);
  if (stat.reduced === "mean") return own ? flow({ is: "norm", node, of: x }) : null;
  return { ...x, demod: stat };
}
