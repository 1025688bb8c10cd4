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
  outputs: readonly Node[],
  bytesOf: (node: Node) => number,
): Slots {
  const lastUse = new Map<Node, number>();
  groups.forEach((group, i) => {
    for (const { node } of group)
      for (const read of Object.values(node.inputs)) lastUse.set(read, i);
  });
  for (const output of outputs) lastUse.set(output, groups.length);
  const slotOf = new Map<Node, number>();
  const slotBytes: number[] = [];
  const free = new Set<number>();
  const take = (node: Node) => {
    if (slotOf.has(node)) return;
    const need = bytesOf(node);
    const bySize = [...free].sort((a, b) => slotBytes[a] - slotBytes[b]);
    // The smallest slot that is large enough, or else the largest one, which then grows.
    const fitting = bySize.find((slot) => slotBytes[slot] >= need);
    const slot = fitting ?? bySize.pop() ?? slotBytes.length;
    free.delete(slot);
    slotBytes[slot] = Math.max(slotBytes[slot] ?? 0, need);
    slotOf.set(node, slot);
  };
  nodes.filter(({ kind }) => kind === "input").forEach(take);
  groups.forEach((group, i) => {
    for (const { node } of group) take(node);
    for (const [tensor, last] of lastUse)
      if (last === i && slotOf.has(tensor)) free.add(slotOf.get(tensor)!);
  });
  return { slotOf, slotBytes };
}
