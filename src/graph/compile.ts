import { type Layout, layoutBytes, type Precision } from "../kernels/layout";
import { type BandPlan, canBind, type Group, isQuick, isWithinStrip, wholeBand } from "./band_plan";
import { DEFAULT_LIMITS, type Limits } from "./limits";
import { type Choose, lower } from "./lower";
import { type Node, type OpNode, ordered } from "./node";
import type { DispatchStep, PlannedTensor, Program } from "./program";
import { assignSlots } from "./slots";

export interface CompileOptions {
  readonly precision?: Precision;
  readonly limits?: Limits;
  /** How calls of kernels are computed; by the readable kernels themselves where it is left out. */
  readonly choose?: Choose;
}

/**
 * Orders a network, and plans memory by liveness; what exceeds the limits of binding is cut into bands
 * of rows. Needs no GPU. Throws GpuError if a tensor cannot be placed on such a device.
 */
export async function compile(
  described: Readonly<Record<string, Node>>,
  options: CompileOptions = {},
): Promise<Program> {
  const { precision = "f32", limits = DEFAULT_LIMITS, choose } = options;
  const outputs = choose ? lower(described, choose) : described;
  const nodes = ordered(Object.values(outputs));
  const kept = new Set(Object.values(outputs));
  const groups = await grouped(nodes, kept, limits, precision);
  const scratch = scratchBytes(groups);
  const index = new Map(nodes.map((node, i) => [node as Node, i]));
  const bytesOf = (node: Node, layout: Layout) =>
    scratch.get(node as OpNode) ?? layoutBytes(layout, node.shape, precision);
  const { slotOf, slotBytes } = assignSlots(nodes, groups, kept, (node) =>
    node.kind === "weight" ? 0 : bytesOf(node, node.layout),
  );
  const layouts = weightLayouts(nodes);
  const tensors = nodes.map((node): PlannedTensor => {
    const layout = node.kind === "weight" ? layouts.get(node)! : node.layout;
    const place = node.kind === "weight" ? { weight: node } : { slot: slotOf.get(node)! };
    const { name, shape } = node;
    const isScratch = scratch.has(node as OpNode);
    return { name, shape, layout, bytes: bytesOf(node, layout), place, scratch: isScratch };
  });
  const steps = groups.flatMap(({ bands }) => bands.map((band) => step(band, index, tensors)));
  await checkSizes(tensors, steps, limits);
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

/** Each node by itself and whole, where the device can do that: cards do, for models up to 512 px. */
async function grouped(
  nodes: readonly Node[],
  kept: ReadonlySet<Node>,
  limits: Limits,
  precision: Precision,
): Promise<readonly Group[]> {
  const fits = (band: BandPlan) =>
    canBind(band, limits) && isQuick(band, limits) && isWithinStrip(band);
  const groups = nodes
    .filter((node) => node.kind === "op")
    .map((node) => ({ node, producers: [], bands: [wholeBand(node, precision)] }));
  if (groups.every(({ bands }) => bands.every(fits))) return groups;
  return (await import("./bands")).cut(nodes, kept, limits, precision);
}

/** Bytes of tensors that only exist band by band: those of their largest band. */
function scratchBytes(groups: readonly Group[]): Map<OpNode, number> {
  const bytes = new Map<OpNode, number>();
  for (const { producers, bands } of groups) {
    for (const { node, windows } of bands) {
      if (producers.includes(node)) bytes.set(node, Math.max(bytes.get(node) ?? 0, windows.y.size));
    }
  }
  return bytes;
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
  { node, label, band, windows, completes }: BandPlan,
  index: ReadonlyMap<Node, number>,
  tensors: readonly PlannedTensor[],
): DispatchStep {
  const { kernel, args, inputs } = node;
  const reads = Object.fromEntries(
    Object.entries(inputs).map(([name, read]) => [name, index.get(read)!]),
  );
  const writes = index.get(node)!;
  const [first] = Object.keys(reads);
  const bindings = kernel.bindings.slice(1).map((name) => {
    // An input that was left out is never used; the first one stands in for it.
    const given = name === "y" || name in reads ? name : first;
    const tensor = given === "y" ? writes : reads[given];
    return { tensor, ...(windows[given] ?? { offset: 0, size: tensors[tensor].bytes }) };
  });
  const dispatch = kernel.plan(args, band);
  return {
    do: "dispatch",
    label,
    kernel,
    node,
    dispatch,
    band,
    bindings,
    reads,
    writes,
    completes,
  };
}

async function checkSizes(
  tensors: readonly PlannedTensor[],
  steps: readonly DispatchStep[],
  { maxBufferSize, maxStorageBufferBindingSize }: Limits,
): Promise<void> {
  const bound = steps.flatMap(({ bindings }) => bindings);
  const fit =
    tensors.every(({ bytes }) => bytes <= maxBufferSize) &&
    bound.every(({ size }) => size <= maxStorageBufferBindingSize);
  if (fit) return;
  const { tooLarge } = await import("./bands");
  throw tooLarge(tensors, steps, maxBufferSize, maxStorageBufferBindingSize);
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
