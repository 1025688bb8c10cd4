import { type Layout, layoutBytes, type Precision } from "../kernels/layout";
import { type BandPlan, type Group, wholeBand } from "./band_plan";
import { DEFAULT_LIMITS, type Limits } from "./limits";
import { type Choose, lower } from "./lower";
import { mapped, type Node, ordered } from "./node";
import type { DispatchStep, Memory, PlannedTensor, Program, Window } from "./program";
import { assignSlots } from "./slots";

export interface CompileOptions {
  readonly precision?: Precision;
  readonly limits?: Limits;
  /** How calls of kernels are computed; by the readable kernels themselves where it is left out. */
  readonly choose?: Choose;
}

/** A program of these groups; `scratch` has the bytes of tensors that exist only band by band. */
export type Arrange = (groups: readonly Group[], scratch?: ReadonlyMap<Node, number>) => Program;

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
  const arrange: Arrange = (groups, scratch) =>
    arranged(outputs, nodes, precision, groups, scratch);
  // Cards run each node whole, for models up to 512 px.
  const ops = nodes.filter((node) => node.kind === "op");
  const program = arrange(ops.map((node) => [wholeBand(node)]));
  if (fits(program, limits)) return program;
  const { cut } = await import("./bands");
  return cut(nodes, new Set(Object.values(outputs)), limits, precision, arrange);
}

function fits(
  { memory, tensors, steps }: Program,
  { maxStorageBufferBindingSize, maxBufferSize, maxMacs = Number.POSITIVE_INFINITY }: Limits,
): boolean {
  return (
    memory.largestBindingBytes <= maxStorageBufferBindingSize &&
    tensors.every(({ bytes }) => bytes <= maxBufferSize) &&
    steps.every(({ node: { kernel, args }, writes }) => {
      const { macs, stripBytes = maxBufferSize } = kernel;
      return (macs?.(args) ?? 0) <= maxMacs && tensors[writes].bytes <= stripBytes;
    })
  );
}

function arranged(
  outputs: Readonly<Record<string, Node>>,
  nodes: readonly Node[],
  precision: Precision,
  groups: readonly Group[],
  scratch: ReadonlyMap<Node, number> = new Map(),
): Program {
  const layouts = layoutsOf(nodes);
  const bytesOf = (node: Node) =>
    scratch.get(node) ?? layoutBytes(layouts.get(node)!, node.shape, precision);
  const { slotOf, slotBytes } = assignSlots(nodes, groups, Object.values(outputs), bytesOf);
  const tensors = nodes.map((node): PlannedTensor => {
    const { name, shape } = node;
    const place = node.kind === "weight" ? { weight: node } : { slot: slotOf.get(node)! };
    const [layout, bytes] = [layouts.get(node)!, bytesOf(node)];
    return { name, shape, layout, bytes, place, scratch: scratch.has(node) };
  });
  const index = new Map(nodes.map((node, i) => [node, i]));
  const indices = (named: Readonly<Record<string, Node>>) =>
    mapped(named, (node) => index.get(node)!);
  const steps = groups.flat().map((plan): DispatchStep => {
    const { kernel, args, inputs } = plan.node;
    const [reads, writes] = [indices(inputs), index.get(plan.node)!];
    const bindings = bindingsOf(plan, { ...reads, y: writes }, tensors);
    return { ...plan, kernel, dispatch: kernel.plan(args, plan.band), bindings, reads, writes };
  });
  const inputs = nodes.filter(({ kind }) => kind === "input").map((node) => [node.name, node]);
  return {
    precision,
    steps,
    tensors,
    slotBytes,
    memory: memoryOf(tensors, steps, slotBytes),
    inputs: indices(Object.fromEntries(inputs)),
    outputs: indices(outputs),
  };
}

/** What each storage binding covers; an input that was left out is never used, and the first stands in. */
function bindingsOf(
  { node, windows }: BandPlan,
  indices: Readonly<Record<string, number>>,
  tensors: readonly PlannedTensor[],
): Window[] {
  const [first] = Object.keys(indices);
  return node.kernel.bindings.slice(1).map((name) => {
    const given = name in indices ? name : first;
    const tensor = indices[given];
    return { tensor, ...(windows[given] ?? { offset: 0, size: tensors[tensor].bytes }) };
  });
}

/** A weight lies as its consumer reads it; two consumers that disagree are a mistake in the network. */
function layoutsOf(nodes: readonly Node[]): Map<Node, Layout> {
  const layouts = new Map<Node, Layout>();
  for (const node of nodes) {
    if (node.kind !== "weight") layouts.set(node, node.layout);
    if (node.kind !== "op") continue;
    for (const [name, read] of Object.entries(node.inputs)) {
      const layout: Layout = node.kernel.layouts(node.args)[name];
      const known = layouts.get(read) ?? layout;
      if (known.kind !== layout.kind || known.follows !== layout.follows) {
        throw new TypeError(
          `${node.name}: reads ${read.name} as ${layout.kind}, but it lies as ${known.kind}`,
        );
      }
      layouts.set(read, known);
    }
  }
  return layouts;
}

function memoryOf(
  tensors: readonly PlannedTensor[],
  steps: readonly DispatchStep[],
  slotBytes: readonly number[],
): Memory {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const bytesIn = (place: "slot" | "weight") =>
    tensors.filter((tensor) => place in tensor.place).map(({ bytes }) => bytes);
  const activations = bytesIn("slot");
  const bound = steps.flatMap(({ bindings }) => bindings.map(({ size }) => size));
  return {
    peakBytes: sum(slotBytes),
    sumBytes: sum(activations),
    weightBytes: sum(bytesIn("weight")),
    largestBytes: Math.max(0, ...activations),
    largestBindingBytes: Math.max(0, ...bound),
  };
}
