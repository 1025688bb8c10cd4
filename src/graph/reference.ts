import { referenceOf } from "../references/references";
import { type Node, type OpNode, ordered, type ReadParameter } from "./node";
import { wholeWeight } from "./whole_weight";

/** Computes outputs with the kernels' plain CPU references: for small shapes and for checking. */
export async function runReference(
  outputs: Readonly<Record<string, Node>>,
  inputs: Readonly<Record<string, Float32Array>>,
  read: ReadParameter,
): Promise<Record<string, Float32Array>> {
  const values = new Map<Node, Float32Array>();
  for (const node of ordered(Object.values(outputs))) {
    if (node.kind === "input") values.set(node, inputs[node.name]);
    else if (node.kind === "weight") values.set(node, await wholeWeight(node, read));
    else
      values.set(
        node,
        callReference(node, (input) => values.get(input)!),
      );
  }
  return Object.fromEntries(
    Object.entries(outputs).map(([name, node]) => [name, values.get(node)!]),
  );
}

/** One node's reference on the values of what it reads. */
export function callReference(node: OpNode, value: (node: Node) => Float32Array): Float32Array {
  const read = Object.entries(node.inputs).map(([name, input]) => [name, value(input)]);
  return referenceOf(node.kernel)(node.args, Object.fromEntries(read));
}
