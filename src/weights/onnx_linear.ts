import { type Budget, type Constant, scaled, UNKNOWN, valuesOf } from "./onnx_constant";
import type { OnnxNode } from "./onnx_file";
import { permuted, reshaped } from "./onnx_fold";
import { addBias } from "./onnx_product";
import { countOf, type Edge, type Flow, flow, isParameter, type Linear } from "./onnx_signal";
import { statAdd, statMatrix } from "./onnx_stat";

/** Conv, ConvTranspose, Gemm or MatMul as a layer, as a FIR filter, or as part of a stat. */
export async function linear(
  node: OnnxNode,
  inputs: readonly (Edge | null)[],
  budget: Budget,
): Promise<Flow | null> {
  const [x, w, b] = inputs;
  if (!x || !w || b?.kind === "flow") return null;
  const isConv = node.op.startsWith("Conv");
  const taps = isConv ? await firTaps(x, w) : null;
  if (taps && x.kind === "flow") {
    if (b || x.taps.length * taps.length > 16) return null;
    const all = x.taps.flatMap((tap) => taps.map((t) => t * tap));
    return { ...x, taps: all, moved: true };
  }
  const made = isConv ? convolution(node, x, w, budget) : fullyConnected(node, x, w, budget);
  if (!made || !b) return made;
  if (made.base.is === "stat") return statAdd(node, made, b);
  const beta = node.op === "Gemm" ? attribute(node, "beta", 1) : 1;
  return addBias(node, made, beta === 1 ? b : scaled(b, beta));
}

function attribute(node: OnnxNode, name: string, fallback: number): number {
  const found = node.attributes.get(name);
  return found?.floats[0] ?? found?.ints[0] ?? fallback;
}

/** The weights of a filter that treats every channel alone and alike; null if it is none. */
async function firTaps(x: Edge, w: Edge): Promise<number[] | null> {
  if (w.kind !== "constant" || w.shape?.length !== 4 || x.kind !== "flow" || x.style) return null;
  const [n, per, kh, kw] = w.shape;
  const sizes = [kh, kw].every((k) => k === 1 || k === 4);
  if (per !== 1 || !sizes || kh * kw === 1 || n < 1) return null;
  const values = await valuesOf(w);
  if (values === null) return null;
  const first = values.slice(0, kh * kw);
  return values.every((v, i) => v === first[i % first.length]) ? first : null;
}

function fullyConnected(node: OnnxNode, x: Edge, w: Edge, budget: Budget): Flow | null {
  if (x.kind !== "flow" || w.kind !== "constant" || attribute(node, "transA", 0)) return null;
  const shape = w.shape?.slice(w.shape.length - 2) ?? [];
  if (shape.length !== 2 || countOf(shape) !== countOf(w.shape)) return null;
  const matrix = scaled(reshaped(w, shape, budget), attribute(node, "alpha", 1));
  const byRows = attribute(node, "transB", 0) !== 0; // (out, in)
  if (x.base.is === "stat") {
    return statMatrix(node, x, byRows ? permuted(matrix, [1, 0], budget) : matrix);
  }
  if (x.style || x.demod || x.taps.length > 1) return null;
  const weight = byRows ? matrix : permuted(matrix, [1, 0], budget);
  const made: Linear = {
    ...{ is: "linear", node, op: "fc", weight, scalars: [], input: x, style: null, demod: null },
  };
  return flow(made);
}

function convolution(node: OnnxNode, x: Edge, w: Edge, budget: Budget): Flow | null {
  if (x.kind === "flow" && x.base.is === "stat") return statConvolution(node, x, w, budget);
  const kernel = w.kind === "constant" ? w : parameterOf(w);
  if (kernel?.shape?.length !== 4) return null;
  const styles = [x, w].flatMap((edge) => (edge.kind === "flow" && edge.style ? [edge.style] : []));
  const demods = [x, w].flatMap((edge) => (edge.kind === "flow" && edge.demod ? [edge.demod] : []));
  if (styles.length > 1 || demods.length > 1 || (x.kind === "flow" && x.demod)) return null;
  const input = x.kind === "flow" ? x : flow({ is: "parameter", node, constant: x });
  const up = node.op === "ConvTranspose"; // whose weights are (cIn, cOut, k, k)
  const made: Linear = {
    ...{ is: "linear", node, op: up ? "up" : "conv", input: { ...input, style: null } },
    weight: up ? permuted(kernel, [1, 0, 2, 3], budget) : kernel,
    scalars: w.kind === "flow" ? w.scalars : [],
    style: styles[0] ?? null,
    demod: demods[0] ?? null,
  };
  return flow(made);
}

function parameterOf(x: Flow): Constant | null {
  return isParameter(x) && x.base.is === "parameter" && x.taps.length === 1
    ? x.base.constant
    : null;
}

/** Demodulation on activations, with squared weights as a 1x1 convolution. */
function statConvolution(node: OnnxNode, x: Flow, w: Edge, budget: Budget): Flow | null {
  if (w.kind !== "constant" || w.shape?.length !== 4 || w.shape[2] * w.shape[3] !== 1) return null;
  const matrix = permuted(reshaped(w, w.shape.slice(0, 2), budget), [1, 0], budget);
  return matrix === UNKNOWN ? null : statMatrix(node, x, matrix);
}
