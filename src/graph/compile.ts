import { GpuError } from "../errors";
import { type Layout, layoutBytes, type Precision } from "../kernels/layout";
import { type BandPlan, DEFAULT_LIMITS, type Limits, planBands } from "./bands";
import { type Node, type OpNode, ordered } from "./node";
import type { DispatchStep, PlannedTensor, Program } from "./program";

export interface CompileOptions {
  readonly precision?: Precision;
  readonly limits?: Limits;
}

/**
 * Orders a network, cuts what exceeds the binding limit into bands of rows, and plans memory by
 * liveness. Pure: needs no GPU. Throws GpuError if a tensor cannot be placed on such a device.
 */
export function compile(
  outputs: Readonly<Record<string, Node>>,
  options: CompileOptions = {},
): Program {
  const { precision = "f32", limits = DEFAULT_LIMITS } = options;
  const nodes = ordered(Object.values(outputs));
  const groups = group(nodes, new Set(Object.values(outputs)), limits, precision);
  const plans = groups.map(({ node, producer }) => planBands(node, producer, limits, precision));
  const scratch = new Map(
    groups.flatMap(({ producer }, i) =>
      producer ? [[producer, scratchBytes(plans[i], producer)]] : [],
    ),
  );
  const index = new Map(nodes.map((node, i) => [node as Node, i]));
  const bytesOf = (node: Node, layout: Layout) =>
    scratch.get(node as OpNode) ?? layoutBytes(layout, node.shape, precision);
  const { slotOf, slotBytes } = assignSlots(
    nodes,
    groups,
    new Set(Object.values(outputs)),
    (node) => (node.kind === "weight" ? 0 : bytesOf(node, node.layout)),
  );
  const layouts = weightLayouts(nodes);
  const tensors = nodes.map((node): PlannedTensor => {
    const layout = node.kind === "weight" ? layouts.get(node)! : node.layout;
    const place = node.kind === "weight" ? { weight: node } : { slot: slotOf.get(node)! };
    const isScratch = scratch.has(node as OpNode);
    return {
      name: node.name,
      shape: node.shape,
      layout,
      bytes: bytesOf(node, layout),
      place,
      scratch: isScratch,
    };
  });
  const steps = plans.flatMap((bands) =>
    bands.map((plan, i) => step(plan, bands, i, index, tensors)),
  );
  checkSizes(tensors, steps, limits);
  const names = (kept: [string, Node][]) =>
    Object.fromEntries(kept.map(([name, node]) => [name, index.get(node)!]));
  return {
    precision,
    steps,
    tensors,
    slotBytes,
    memory: memoryOf(tensors, steps, slotBytes),
    inputs: names(nodes.filter((node) => node.kind === "input").map((node) => [node.name, node])),
    outputs: names(Object.entries(outputs)),
  };
}

/** What runs at one place of the order: a node, and before it its producer where bands alternate. */
interface Group {
  readonly node: OpNode;
  readonly producer?: OpNode;
}

/**
 * A tensor beyond the binding limit that has one consumer never exists as a whole: its producer runs
 * band by band with that consumer. GPEN-1024's transposed convolution makes 134.5 MB in f32.
 */
function group(
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

function scratchBytes(plans: readonly BandPlan[], producer: OpNode): number {
  return Math.max(
    ...plans.filter(({ node }) => node === producer).map(({ windows }) => windows.y.size),
  );
}

/** Gives every activation a slot; a slot is free again after the last group that reads its tensor. */
function assignSlots(
  nodes: readonly Node[],
  groups: readonly Group[],
  outputs: ReadonlySet<Node>,
  bytesOf: (node: Node) => number,
): { slotOf: Map<Node, number>; slotBytes: number[] } {
  const lastUse = new Map<Node, number>();
  groups.forEach(({ node, producer }, i) => {
    for (const read of [...Object.values(node.inputs), ...Object.values(producer?.inputs ?? {})])
      lastUse.set(read, i);
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
  groups.forEach(({ node, producer }, i) => {
    if (producer) take(producer);
    take(node);
    if (producer) free.add(slotOf.get(producer)!);
    for (const [tensor, last] of lastUse) {
      if (last === i && slotOf.has(tensor)) free.add(slotOf.get(tensor)!);
    }
  });
  return { slotOf, slotBytes };
}

/** A weight lies as its consumer reads it; two consumers that disagree are a mistake in the network. */
function weightLayouts(nodes: readonly Node[]): Map<Node, Layout> {
  const layouts = new Map<Node, Layout>();
  for (const node of nodes) {
    if (node.kind !== "op") continue;
    for (const [name, read] of Object.entries(node.inputs)) {
      const layout: Layout = node.kernel.layouts(node.args)[name];
      const known = layouts.get(read) ?? (read.kind === "weight" ? layout : read.layout);
      if (known.kind !== layout.kind || known.follows !== layout.follows) {
        throw new TypeError(
          `${node.name}: reads ${read.name} as ${layout.kind}, but it lies as ${known.kind}`,
        );
      }
      if (read.kind === "weight") layouts.set(read, known);
    }
  }
  return layouts;
}

function step(
  { node, band, windows }: BandPlan,
  bands: readonly BandPlan[],
  i: number,
  index: ReadonlyMap<Node, number>,
  tensors: readonly PlannedTensor[],
): DispatchStep {
  const reads = Object.fromEntries(
    Object.entries(node.inputs).map(([name, read]) => [name, index.get(read)!]),
  );
  const writes = index.get(node)!;
  const [first] = Object.keys(reads);
  const bindings = node.kernel.bindings.slice(1).map((name) => {
    // An input that was left out is never read; the first one stands in for it.
    const given = name === "y" || name in reads ? name : first;
    const tensor = given === "y" ? writes : reads[given];
    return { tensor, ...(windows[given] ?? { offset: 0, size: tensors[tensor].bytes }) };
  });
  const several = bands.filter((other) => other.node === node).length > 1;
  const rows = several
    ? ` [${node.shape[0] > 1 ? `sample ${band.n}, ` : ""}rows ${band.row}-${band.row + band.rows - 1}]`
    : "";
  const completes = !bands.slice(i + 1).some((other) => other.node === node);
  const dispatch = node.kernel.plan(node.args, band);
  return {
    do: "dispatch",
    label: node.name + rows,
    kernel: node.kernel,
    node,
    dispatch,
    bindings,
    reads,
    writes,
    completes,
  };
}

function checkSizes(
  tensors: readonly PlannedTensor[],
  steps: readonly DispatchStep[],
  limits: Limits,
): void {
  for (const { name, bytes } of tensors) {
    if (bytes > limits.maxBufferSize) {
      throw new GpuError(
        `${name}: ${bytes} bytes exceed the device's largest buffer, ${limits.maxBufferSize}; use f16 or a smaller model`,
      );
    }
  }
  for (const { label, bindings } of steps) {
    const largest = Math.max(...bindings.map(({ size }) => size));
    if (largest > limits.maxStorageBufferBindingSize) {
      throw new GpuError(
        `${label}: a binding of ${largest} bytes exceeds the device's limit, ${limits.maxStorageBufferBindingSize}; use f16 or a smaller model`,
      );
    }
  }
}

function memoryOf(
  tensors: readonly PlannedTensor[],
  steps: readonly DispatchStep[],
  slotBytes: readonly number[],
) {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const activations = tensors.filter(({ place }) => "slot" in place).map(({ bytes }) => bytes);
  const weights = tensors.filter(({ place }) => "weight" in place).map(({ bytes }) => bytes);
  const bound = steps.flatMap(({ bindings }) => bindings.map(({ size }) => size));
  return {
    peakBytes: sum(slotBytes),
    sumBytes: sum(activations),
    weightBytes: sum(weights),
    largestBytes: Math.max(0, ...activations),
    largestBindingBytes: Math.max(0, ...bound),
  };
}
