import { layoutBytes, type Precision } from "../kernels/layout";
import type { Limits } from "./bands";
import type { Node, OpNode } from "./node";

/** What runs at one place of the order: a node, and before it its producer where bands alternate. */
export interface Group {
  readonly node: OpNode;
  readonly producer?: OpNode;
}

/**
 * A tensor beyond the binding limit that has one consumer never exists as a whole: its producer runs
 * band by band with that consumer. GPEN-1024's transposed convolution makes 134.5 MB in f32.
 */
export function group(
  nodes: readonly Node[],
  outputs: ReadonlySet<Node>,
  limits: Limits,
  precision: Precision,
): Group[] {
  const ops = nodes.filter((node) => node.kind === "op");
  const consumers = new Map<Node, OpNode[]>();
  for (const node of ops) {
    for (const read of new Set(Object.values(node.inputs))) {
      consumers.set(read, [...(consumers.get(read) ?? []), node]);
    }
  }
  const producerOf = new Map<OpNode, OpNode>();
  const paired = new Set<OpNode>();
  for (const node of ops) {
    const [consumer, ...others] = consumers.get(node) ?? [];
    const oversized =
      layoutBytes(node.layout, node.shape, precision) > limits.maxStorageBufferBindingSize;
    const bandable = consumer?.kernel.inputRows && node.kernel.inputRows;
    if (!oversized || !bandable || others.length > 0 || outputs.has(node)) continue;
    if (paired.has(node) || paired.has(consumer)) continue;
    producerOf.set(consumer, node);
    paired.add(node).add(consumer);
  }
  const producers = new Set(producerOf.values());
  return ops
    .filter((node) => !producers.has(node))
    .map((node) => ({ node, producer: producerOf.get(node) }));
}
