import { layoutBytes, type Precision } from "../kernels/layout";
import type { Limits } from "./limits";
import type { Node, OpNode } from "./node";

/**
 * A tensor beyond the binding limit, or beyond what its kernel wants to exist at a time, never exists
 * as a whole if it has one consumer: its producer runs band by band with that consumer. GPEN-1024's
 * transposed convolution makes 134.5 MB in f32.
 */
export function group(
  nodes: readonly Node[],
  outputs: ReadonlySet<Node>,
  limits: Limits,
  precision: Precision,
): { readonly node: OpNode; readonly producers: readonly OpNode[] }[] {
  const ops = nodes.filter((node) => node.kind === "op");
  const consumers = new Map<Node, OpNode[]>();
  for (const node of ops) {
    for (const read of new Set(Object.values(node.inputs))) {
      consumers.set(read, [...(consumers.get(read) ?? []), node]);
    }
  }
  const producerOf = new Map<OpNode, OpNode>();
  const producers = new Set<OpNode>();
  // From the end: of ecd0 and its blur, which is larger by a row, the blur runs in bands.
  for (const node of ops.toReversed()) {
    const [consumer, ...others] = consumers.get(node) ?? [];
    const oversized = layoutBytes(node.layout, node.shape, precision) > largestBand(node, limits);
    const bandable = consumer?.kernel.inputRows && node.kernel.inputRows;
    if (!oversized || !bandable || others.length > 0 || outputs.has(node)) continue;
    // Only kernels that ask for strips run in chains; others could be cut finer than they can be.
    const chained = producers.has(consumer) && !consumer.kernel.stripBytes;
    if (chained || producerOf.has(consumer)) continue;
    producerOf.set(consumer, node);
    producers.add(node);
  }
  return ops
    .filter((node) => !producers.has(node))
    .map((node) => ({ node, producers: producersOf(node, producerOf) }));
}

/** Most bytes of a band of what this node makes. */
function largestBand({ kernel }: OpNode, { maxStorageBufferBindingSize }: Limits): number {
  return Math.min(maxStorageBufferBindingSize, kernel.stripBytes ?? maxStorageBufferBindingSize);
}

function producersOf(node: OpNode, producerOf: ReadonlyMap<OpNode, OpNode>): OpNode[] {
  const producer = producerOf.get(node);
  return producer ? [...producersOf(producer, producerOf), producer] : [];
}
