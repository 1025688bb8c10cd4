import { input, type Node, type OpNode, op } from "../../src/graph/node";
import type { AnyKernel, Kernel } from "../../src/kernels/kernel";
import type { Shape } from "../../src/tensor";

/** op() without the types of one kernel. */
const anyOp = op as (
  kernel: AnyKernel,
  name: string,
  inputs: Record<string, Node>,
  attributes: object,
) => OpNode;

/** One call of a kernel whose inputs, named as its bindings, are all given at the run. */
export function callNode<Args extends object>(
  kernel: Kernel<Args>,
  name: string,
  args: Args,
): OpNode {
  const layouts = kernel.layouts(args);
  const inputs: Record<string, Node> = {};
  const attributes = { ...args } as Record<string, unknown>;
  for (const binding of kernel.bindings.slice(1, -1)) {
    const shape = attributes[binding] as Shape | undefined;
    delete attributes[binding];
    if (shape) inputs[binding] = input(binding, shape, layouts[binding]);
  }
  return anyOp(kernel, name, inputs, attributes);
}
