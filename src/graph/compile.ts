import { GpuError } from "../errors";
import { type Layout, layoutBytes, type Precision } from "../kernels/layout";
import { type BandPlan, DEFAULT_LIMITS, type Limits, planBands } from "./bands";
import { group } from "./groups";
import { type Choose, lower } from "./lower";
import { type Node, type OpNode, ordered } from "./node";
import type { DispatchStep, PlannedTensor, Program } from "./program";
import { recompute } from "./recompute";
import { assignSlots } from "./slots";

export interface CompileOptions {
  readonly precision?: Precision;
  readonly limits?: Limits;
  /** How calls of kernels are computed; by the readable kernels themselves where it is left out. */
  readonly choose?: Choose;
}

/**
 * Orders a network, cuts what exceeds the binding limit into bands of rows, and plans memory by
 * liveness. Pure: needs no GPU. Throws GpuError if a tensor cannot be placed on such a device.
 */
export function compile(
  described: Readonly<Record<string, Node>>,
  options: CompileOptions = {},
): Program {
  const { precision = "f32", limits = DEFAULT_LIMITS, choose } = options;
  const outputs = choose ? lower(recompute(described), choose) : described;
  const nodes = ordered(Object.values(outputs));
  const groups = group(nodes, new Set(Object.values(outputs)), limits, precision);
  const plans = groups.map(({ node, producers }) => planBands(node, producers, limits, precision));
  const scratch = new Map(
    groups.flatMap(({ producers }, i) =>
      producers.map((producer) => [producer, scratchBytes(plans[i], producer)] as const),
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

function scratchBytes(plans: readonly BandPlan[], producer: OpNode): number {
  return Math.max(
    ...plans.filter(({ node }) => node === producer).map(({ windows }) => windows.y.size),
  );
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
    // An input that was left out is never used; the first one stands in for it.
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
    band,
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
        `${name}: ${bytes} bytes exceed the device's largest buffer, ${limits.maxBufferSize}; use f16, a smaller model or a smaller picture`,
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
