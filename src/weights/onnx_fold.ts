import { numel, type Shape } from "../tensor";
import {
  type Budget,
  type Constant,
  derive,
  literal,
  scalarOf,
  scaled,
  UNKNOWN,
  valuesOf,
} from "./onnx_constant";
import { BINARY, elementwise, isComparison, reduced, UNARY, where } from "./onnx_elementwise";
import type { OnnxNode } from "./onnx_file";
import { concat, expand, gather, slice, tile } from "./onnx_select";
import { axesWithin, reshapeTarget, transposed } from "./onnx_view";

export type Inputs = readonly (Constant | null)[];

const MAX_RANK = 16;

/** The output of a node whose inputs are all constants; UNKNOWN if it cannot be told here. */
export async function fold(node: OnnxNode, inputs: Inputs, budget: Budget): Promise<Constant> {
  const x = inputs[0] ?? UNKNOWN;
  if (node.op in BINARY) return foldBinary(node, x, inputs[1] ?? UNKNOWN, budget);
  if (node.op in UNARY) return elementwise([x], UNARY[node.op], budget);
  switch (node.op) {
    case "Constant":
      return constantNode(node);
    case "ConstantOfShape":
      return constantOfShape(node, x, budget);
    case "Where":
      return where(inputs, budget);
    case "Concat":
      return concat(inputs, node.attributes.get("axis")?.ints[0] ?? 0, budget);
    case "Shape":
      return x.shape ? literal([x.shape.length], x.shape, x.origin) : UNKNOWN;
    case "Gather":
      return gather(x, inputs[1] ?? UNKNOWN, node.attributes.get("axis")?.ints[0] ?? 0, budget);
    case "Slice":
      return slice(x, await sliceBounds(node, inputs), budget);
    case "Expand":
      return expand(x, await numbers(inputs[1]), budget);
    case "Tile":
      return tile(x, await numbers(inputs[1]), budget);
    case "ReduceSum":
    case "ReduceMean":
    case "ReduceProd":
      return reduced(node.op, x, await operand(node, inputs, "axes", 1), keepDims(node), budget);
    default:
      return layout(node, inputs, budget);
  }
}

/** Identity, Cast, Reshape, Transpose and their like: the same elements in another order. */
export async function layout(node: OnnxNode, inputs: Inputs, budget: Budget): Promise<Constant> {
  const x = inputs[0] ?? UNKNOWN;
  if (node.op === "Identity" || node.op === "Cast" || node.op === "Dropout") return x;
  if (x.shape === null) return UNKNOWN;
  if (node.op === "Transpose") {
    const perm =
      node.attributes.get("perm")?.ints ?? x.shape.map((_, i, all) => all.length - 1 - i);
    return permuted(x, perm, budget);
  }
  const target = await targetShape(node, x.shape, inputs);
  if (target === null || target.length > MAX_RANK || numel(target) !== numel(x.shape)) {
    return { ...UNKNOWN, origin: x.origin, dtype: x.dtype };
  }
  return reshaped(x, target, budget);
}

export function reshaped(x: Constant, shape: Shape, budget: Budget): Constant {
  return derive([x], shape, ([n]) => ({ shape, data: n.data }), budget, true);
}

/** UNKNOWN if `perm` does not name every axis once. */
export function permuted(x: Constant, perm: readonly number[], budget: Budget): Constant {
  const { shape } = x;
  if (shape === null || [...perm].sort((a, b) => a - b).some((p, i) => p !== i)) return UNKNOWN;
  if (perm.length !== shape.length) return UNKNOWN;
  const to = perm.map((p) => shape[p]);
  return derive([x], to, ([n]) => transposed(n, perm), budget, true);
}

async function targetShape(node: OnnxNode, shape: Shape, inputs: Inputs): Promise<Shape | null> {
  switch (node.op) {
    case "Reshape": {
      const target = await operand(node, inputs, "shape", 1);
      return target && reshapeTarget(shape, target);
    }
    case "Flatten": {
      const axis = node.attributes.get("axis")?.ints[0] ?? 1;
      const at = axis < 0 ? axis + shape.length : axis;
      return [numel(shape.slice(0, at)), numel(shape.slice(at))];
    }
    case "Squeeze": {
      const given = await operand(node, inputs, "axes", 1);
      const ones = shape.flatMap((size, i) => (size === 1 ? [i] : []));
      const axes = given ? axesWithin(given, shape.length) : ones;
      return axes && shape.filter((_, i) => !axes.includes(i));
    }
    case "Unsqueeze": {
      const given = await operand(node, inputs, "axes", 1);
      const axes = given && axesWithin(given, shape.length + given.length);
      if (!axes) return null;
      const sizes = [...shape];
      for (const axis of axes) sizes.splice(axis, 0, 1);
      return sizes;
    }
    default:
      return null;
  }
}

/** Multiplying by a scalar keeps the stored numbers apart from their scale. */
async function foldBinary(
  node: OnnxNode,
  a: Constant,
  b: Constant,
  budget: Budget,
): Promise<Constant> {
  const large = (c: Constant) => c.shape !== null && numel(c.shape) > 1;
  if (node.op === "Mul" && large(a) !== large(b)) {
    const [tensor, factor] = large(a) ? [a, b] : [b, a];
    const value = await scalarOf(factor);
    if (value !== null) return scaled(tensor, value);
  }
  if (node.op === "Div" && large(a)) {
    const value = await scalarOf(b);
    if (value !== null) return scaled(a, 1 / value);
  }
  const result = elementwise([a, b], BINARY[node.op], budget);
  return isComparison(node.op) ? { ...result, dtype: "I64" } : result;
}

function constantNode(node: OnnxNode): Constant {
  const origin = node.outputs[0] ?? "";
  for (const [name, { tensor, ints, floats }] of node.attributes) {
    if (name === "value" && tensor) return tensor;
    const values = name.startsWith("value_int") ? ints : floats;
    if (name === "value_int" || name === "value_float") return literal([], values, origin);
    if (name === "value_ints" || name === "value_floats") {
      return literal([values.length], values, origin);
    }
  }
  return UNKNOWN;
}

async function constantOfShape(node: OnnxNode, x: Constant, budget: Budget): Promise<Constant> {
  const shape = await valuesOf(x);
  const tensor = node.attributes.get("value")?.tensor;
  const fill = tensor ? await scalarOf(tensor) : 0;
  if (shape === null || fill === null || shape.length > MAX_RANK) return UNKNOWN;
  if (!shape.every((n) => n >= 0)) return UNKNOWN;
  const make = () => ({ shape, data: new Float64Array(numel(shape)).fill(fill) });
  return derive([], shape, make, budget);
}

function keepDims(node: OnnxNode): boolean {
  return (node.attributes.get("keepdims")?.ints[0] ?? 1) !== 0;
}

async function numbers(x: Constant | null | undefined): Promise<number[] | null> {
  return x ? valuesOf(x) : null;
}

/** A list that older opsets give as an attribute and newer ones as an input; null if neither. */
export async function operand(
  node: OnnxNode,
  inputs: Inputs,
  attribute: string,
  index: number,
): Promise<readonly number[] | null> {
  return node.attributes.get(attribute)?.ints ?? numbers(inputs[index]);
}

async function sliceBounds(node: OnnxNode, inputs: Inputs) {
  return {
    starts: await operand(node, inputs, "starts", 1),
    ends: await operand(node, inputs, "ends", 2),
    axes: await operand(node, inputs, "axes", 3),
    steps: await operand(node, inputs, "steps", 4),
  };
}
