import { type Budget, type Constant, scalarOf, valuesOf } from "./onnx_constant";
import type { OnnxNode } from "./onnx_file";
import { layout } from "./onnx_fold";
import { linear } from "./onnx_linear";
import { addBias, addFlows, divide, multiply, times } from "./onnx_product";
import { type Edge, type Flow, flow, isParameter, opaque } from "./onnx_signal";
import { rooted, squared, statAdd, statReduce } from "./onnx_stat";

export type Edges = readonly (Edge | null)[];

const SLOPE = 0.2; // leaky_relu's in every GPEN

/** What a node makes of inputs of which at least one is not constant. */
export async function apply(node: OnnxNode, inputs: Edges, budget: Budget): Promise<Flow> {
  const made = await rule(node, inputs, budget);
  // Bounds what a made-up chain of nodes can pile up; GPEN needs 3 scalars and 16 taps.
  const small = made && made.scalars.length <= 8 && made.taps.length <= 16;
  return small ? made : opaque(node);
}

async function rule(node: OnnxNode, inputs: Edges, budget: Budget): Promise<Flow | null> {
  const [a, b] = inputs;
  switch (node.op) {
    case "Conv":
    case "ConvTranspose":
    case "Gemm":
    case "MatMul":
      return linear(node, inputs, budget);
    case "Mul":
      return a && b ? multiplyEdges(node, a, b) : null;
    case "Add":
      return a && b ? add(node, a, b) : null;
    case "Div":
      return a && b ? divide(node, a, b) : null;
    case "LeakyRelu":
      return isSlope(node.attributes.get("alpha")?.floats[0] ?? 0.01) ? act(node, a) : null;
    case "PRelu":
      return b?.kind === "constant" && (await valuesOf(b))?.every(isSlope) ? act(node, a) : null;
    case "Greater":
    case "GreaterOrEqual":
    case "Less":
    case "LessOrEqual":
      return a && b ? sign(node, a, b) : null;
    case "Where":
      return pickActivation(node, inputs);
    case "Max":
      return a?.kind === "flow" && b?.kind === "flow" ? largerOf(node, a, b) : null;
    case "Concat":
      return concat(node, inputs);
    default:
      return vectorRule(node, inputs, budget);
  }
}

async function vectorRule(node: OnnxNode, inputs: Edges, budget: Budget): Promise<Flow | null> {
  const [a, b] = inputs;
  switch (node.op) {
    case "Pow":
      return a?.kind === "flow" && b?.kind === "constant" ? power(node, a, b) : null;
    case "Sqrt":
      return a?.kind === "flow" ? rooted(node, a, 0.5) : null;
    case "Reciprocal":
      return a?.kind === "flow" ? rooted(node, a, -1) : null;
    case "ReduceSum":
    case "ReduceMean":
      return a?.kind === "flow" ? statReduce(node, a) : null;
    case "ReduceSumSquare":
      return a?.kind === "flow" ? statReduce(node, squared(node, a)) : null;
    default:
      return view(node, inputs, budget);
  }
}

const VIEWS = ["Identity", "Cast", "Dropout", "Reshape", "Flatten", "Squeeze", "Unsqueeze"];
const SELECTIONS = ["Transpose", "Expand", "Gather", "Tile"];
const RESAMPLING = ["Pad", "Slice", "Split", "ScatterND", "ScatterElements"];

/** Operations that move elements and leave their values. */
async function view(node: OnnxNode, inputs: Edges, budget: Budget): Promise<Flow | null> {
  const flows = inputs.filter((x): x is Flow => x?.kind === "flow");
  if (node.op === "RandomNormalLike") return flow({ is: "random", node });
  if (flows.length !== 1) return null;
  const x = flows[0];
  const isView = [...VIEWS, ...SELECTIONS].includes(node.op);
  if (isView && x.base.is === "parameter") return parameterView(node, x, inputs, budget);
  if (isView) return x;
  return RESAMPLING.includes(node.op) ? { ...x, moved: true } : null;
}

/** Weights that a style is multiplied into are still brought into the order that Conv takes. */
async function parameterView(
  node: OnnxNode,
  x: Flow,
  inputs: Edges,
  budget: Budget,
): Promise<Flow | null> {
  if (x.base.is !== "parameter") return null;
  const rest = inputs.slice(1).map((edge) => (edge?.kind === "constant" ? edge : null));
  const constant = await layout(node, [x.base.constant, ...rest], budget);
  return { ...x, base: { ...x.base, constant } };
}

function isSlope(value: number): boolean {
  return Math.abs(value - SLOPE) < 1e-3; // f16 rounds 0.2 to 0.19995
}

function act(node: OnnxNode, x: Edge | null | undefined): Flow | null {
  return x?.kind === "flow" ? flow({ is: "act", node, of: x }) : null;
}

async function multiplyEdges(node: OnnxNode, a: Edge, b: Edge): Promise<Flow | null> {
  if (a.kind === "flow" && b.kind === "flow") return multiply(node, a, b);
  const [x, c] = a.kind === "flow" ? [a, b] : [b, a];
  return x.kind === "flow" && c.kind === "constant" ? times(node, x, c) : null;
}

async function add(node: OnnxNode, a: Edge, b: Edge): Promise<Flow | null> {
  if (a.kind === "flow" && b.kind === "flow") return addFlows(node, a, b);
  const [x, c] = a.kind === "flow" ? [a, b] : [b, a];
  if (x.kind !== "flow" || c.kind !== "constant") return null;
  if (x.base.is === "stat") return statAdd(node, x, c);
  // Sums over a list begin with the number 0.
  if (c.shape?.length === 0 && (await scalarOf(c)) === 0) return x;
  return addBias(node, x, c);
}

async function power(node: OnnxNode, x: Flow, exponent: Constant): Promise<Flow | null> {
  const value = await scalarOf(exponent);
  if (value === 2) return squared(node, x);
  return value === 0.5 || value === -0.5 || value === -1 ? rooted(node, x, value) : null;
}

async function sign(node: OnnxNode, a: Edge, b: Edge): Promise<Flow | null> {
  const [x, c] = a.kind === "flow" ? [a, b] : [b, a];
  if (x.kind !== "flow" || c.kind !== "constant" || (await scalarOf(c)) !== 0) return null;
  const positive = node.op.startsWith("Greater") === (x === a);
  return flow({ is: "sign", node, of: x, positive });
}

/** Where(x > 0, x, 0.2 x) */
function pickActivation(node: OnnxNode, inputs: Edges): Flow | null {
  const [condition, a, b] = inputs;
  if (condition?.kind !== "flow" || a?.kind !== "flow" || b?.kind !== "flow") return null;
  if (condition.base.is !== "sign" || condition.base.of.base !== a.base) return null;
  const [x, sloped] = condition.base.positive ? [a, b] : [b, a];
  return slopes(x, sloped) ? flow({ is: "act", node, of: x }) : null;
}

/** max(x, 0.2 x) */
function largerOf(node: OnnxNode, a: Flow, b: Flow): Flow | null {
  if (slopes(a, b)) return flow({ is: "act", node, of: a });
  return slopes(b, a) ? flow({ is: "act", node, of: b }) : null;
}

function slopes(x: Flow, sloped: Flow): boolean {
  const extra = sloped.scalars[x.scalars.length];
  const shared = x.scalars.every((s, i) => s.constant === sloped.scalars[i]?.constant);
  const alone = sloped.scalars.length === x.scalars.length + 1;
  return x.base === sloped.base && shared && alone && isSlope(extra.value);
}

/** Noise beside features; with constants or copies of itself, a way to insert zeros. */
function concat(node: OnnxNode, inputs: Edges): Flow | null {
  const flows = inputs.filter((x): x is Flow => x?.kind === "flow");
  const [first] = flows;
  if (flows.every((x) => x.base === first.base) && !isParameter(first)) {
    return { ...first, moved: true };
  }
  if (flows.length !== 2 || inputs.length !== 2) return null;
  return flow({ is: "concat", node, parts: flows });
}
