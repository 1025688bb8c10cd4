import { type Constant, literal, scalarOf } from "./onnx_constant";
import type { OnnxNode } from "./onnx_file";
import {
  countOf,
  type Edge,
  type Flow,
  flow,
  isPlain,
  isVector,
  product,
  type Scalar,
  type Sum,
  sameSignal,
} from "./onnx_signal";
import { normalise, rooted, squared } from "./onnx_stat";

const MAX_TERMS = 4; // convolution, noise, skip

/** x times a constant: a scalar, or a weight into which a style goes. */
export async function times(node: OnnxNode, x: Flow, constant: Constant): Promise<Flow | null> {
  if (countOf(constant.shape) > 1 && isVector(x)) {
    return { ...flow({ is: "parameter", node, constant }), style: x };
  }
  const value = await scalarOf(constant);
  return value === null ? null : withScalar(x, { constant, value });
}

/** Scalars of a stat would change what its epsilon is measured in: no rule for those. */
function withScalar(x: Flow, scalar: Scalar): Flow | null {
  return x.base.is === "stat" ? null : { ...x, scalars: [...x.scalars, scalar] };
}

/** Products of two flows: squares, normalisation, and styles. */
export function multiply(node: OnnxNode, a: Flow, b: Flow): Flow | null {
  if (a.base.is === "stat" || b.base.is === "stat") {
    return b.base.is === "stat" ? normalise(node, a, b) : normalise(node, b, a);
  }
  if (sameSignal(a, b)) return product(a.scalars) === product(b.scalars) ? squared(node, a) : null;
  if (isVector(b) && !a.style) return { ...a, style: b };
  return isVector(a) && !b.style ? { ...b, style: a } : null;
}

/** a / b: by a scalar, by a root, or 1 / a root. */
export async function divide(node: OnnxNode, a: Edge, b: Edge): Promise<Flow | null> {
  if (a.kind === "flow" && b.kind === "constant") {
    const value = await scalarOf(b);
    return value === null
      ? null
      : withScalar(a, { constant: literal([], [1 / value], b.origin), value: 1 / value });
  }
  if (b.kind !== "flow" || b.base.is !== "stat") return null;
  const inverse = rooted(node, b, -1);
  if (!inverse) return null;
  if (a.kind === "flow") return normalise(node, a, inverse);
  return (await scalarOf(a)) === 1 ? inverse : null;
}

/** Sums of two flows: a FIR filter's shifted copies, or layers that meet (noise, RGB skip). */
export function addFlows(node: OnnxNode, a: Flow, b: Flow): Flow | null {
  if (a.base.is === "stat" || b.base.is === "stat") return null;
  if (sameSignal(a, b)) return a.moved && b.moved ? merged(a, b) : null;
  const parts = [a, b].map(summands);
  const terms = parts.flatMap((part) => part.terms);
  const biases = parts.flatMap((part) => part.biases);
  return terms.length > MAX_TERMS ? null : flow({ is: "sum", node, terms, biases });
}

/** A sum that nothing was done to is open to more terms. */
function summands(x: Flow): Pick<Sum, "terms" | "biases"> {
  return x.base.is === "sum" && isPlain(x) ? x.base : { terms: [x], biases: [] };
}

function merged(a: Flow, b: Flow): Flow {
  let shared = 0;
  while (shared < a.scalars.length && a.scalars[shared].constant === b.scalars[shared]?.constant) {
    shared++;
  }
  const tapsOf = (x: Flow) => x.taps.map((tap) => tap * product(x.scalars.slice(shared)));
  return { ...a, scalars: a.scalars.slice(0, shared), taps: [...tapsOf(a), ...tapsOf(b)] };
}

/** x + c, where c is a parameter: one number per channel. */
export function addBias(node: OnnxNode, x: Flow, c: Constant): Flow {
  if (x.base.is === "sum" && isPlain(x) && x.base.biases.length < MAX_TERMS) {
    return flow({ ...x.base, node, biases: [...x.base.biases, c] });
  }
  return flow({ is: "sum", node, terms: [x], biases: [c] });
}
