import type { AnyKernel } from "../kernels/kernel";
import { mapped, type Node, type OpNode, op, ordered } from "./node";

/**
 * The network is described once, as calls of readable kernels. A technique computes such a call in
 * another way: lower() replaces the calls that it is chosen for and leaves the others as they are, so
 * that the network as described stays the reference for the one that runs.
 */
export interface Technique {
  /** Stable, as tuned choices are kept under it: "broadcast 2x2x2". */
  readonly name: string;
  /** Whether this call can be computed so. */
  suits(node: OpNode): boolean;
  /** What computes it instead, from `inputs` under the call's binding names; the shape is the same. */
  replace(node: OpNode, inputs: Readonly<Record<string, Node>>): Node;
}

/** The technique for a call, or undefined for the readable kernel. */
export type Choose = (node: OpNode) => Technique | undefined;

/** The same outputs, each call computed by the technique that is chosen for it. */
export function lower<Outputs extends Readonly<Record<string, Node>>>(
  outputs: Outputs,
  choose: Choose,
): Outputs {
  const lowered = new Map<Node, Node>();
  const made = (node: Node) => lowered.get(node) ?? node;
  for (const node of ordered(Object.values(outputs))) {
    if (node.kind !== "op") continue;
    const inputs = mapped(node.inputs, made);
    lowered.set(node, choose(node)?.replace(node, inputs) ?? { ...node, inputs });
  }
  return mapped(outputs, made) as Outputs;
}

/** op() where which kernel it is, and so which inputs it takes, is known only at run time. */
export const call = op as (
  kernel: AnyKernel,
  name: string,
  inputs: Readonly<Record<string, Node | undefined>>,
  attributes: object,
) => OpNode;
