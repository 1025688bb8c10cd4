import type { Group } from "./band_plan";
import type { Node } from "./node";

/** Which buffer each activation lies in while it is alive, and how large the buffers are. */
export interface Slots {
  readonly slotOf: ReadonlyMap<Node, number>;
  readonly slotBytes: readonly number[];
}

/** Gives every activation a slot; a slot is free again after the last group that reads its tensor. */
export function assignSlots(
  nodes: readonly Node[],
  groups: readonly Group[],
  outputs: ReadonlySet<Node>,
  bytesOf: (node: Node) => number,
): Slots {
  const lastUse = new Map<Node, number>();
  groups.forEach(({ node, producers }, i) => {
    for (const { inputs } of [...producers, node])
      for (const read of Object.values(inputs)) lastUse.set(read, i);
  });
  for (const output of outputs) lastUse.set(output, groups.length);
  const slotOf = new Map<Node, number>();
  const slotBytes: number[] = [];
  const free = new Set<number>();
  const take = (node: Node) => {
    const need = bytesOf(node);
    const fitting = [...free].filter((slot) => slotBytes[slot] >= need);
    const candidates = fitting.length > 0 ? fitting : [...free];
    // The smallest slot that is large enough, or else the largest one, which then grows.
    const order = (a: number, b: number) =>
      (fitting.length > 0 ? 1 : -1) * (slotBytes[a] - slotBytes[b]);
    const slot = candidates.sort(order)[0] ?? slotBytes.length;
    free.delete(slot);
    slotBytes[slot] = Math.max(slotBytes[slot] ?? 0, need);
    slotOf.set(node, slot);
  };
  nodes.filter((node) => node.kind === "input").forEach(take);
  groups.forEach(({ node, producers }, i) => {
    for (const each of [...producers, node]) take(each);
    for (const [tensor, last] of lastUse) {
      if (last === i && slotOf.has(tensor)) free.add(slotOf.get(tensor)!);
    }
  });
  return { slotOf, slotBytes };
}
