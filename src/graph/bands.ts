import { GpuError } from "../errors";
import type { Rows } from "../kernels/kernel";
import { elementBytes, layoutBytes, type Precision } from "../kernels/layout";
import {
  type BandPlan,
  canBind,
  type Group,
  imagesOf,
  isQuick,
  isWithinStrip,
  wholeBand,
} from "./band_plan";
import { group } from "./groups";
import type { Limits } from "./limits";
import type { Node, OpNode } from "./node";
import type { DispatchStep, PlannedTensor } from "./program";

/** Windows onto buffers begin at multiples of it; no device asks for more (specification, section 3.6.2). */
const WINDOW_BYTES = 256;

/**
 * The order of a network's steps where some do not fit the device as a whole: these are cut into bands
 * of rows. Loaded only then.
 *
 * Errors    GpuError if bands of one row do not fit either
 */
export function cut(
  nodes: readonly Node[],
  outputs: ReadonlySet<Node>,
  limits: Limits,
  precision: Precision,
): Group[] {
  return group(nodes, outputs, limits, precision).map(({ node, producers }) => {
    const bands = planBands(node, producers, limits, precision);
    return { node, producers, bands };
  });
}

/**
 * The bands of `node`, alternating with those of `producers` where the tensors between them are to
 * exist only band by band. One band over everything if all of it fits the binding limit.
 */
export function planBands(
  node: OpNode,
  producers: readonly OpNode[],
  limits: Limits,
  precision: Precision,
): BandPlan[] {
  const bandable = node.shape.length === 4 && node.kernel.inputRows !== undefined;
  if (producers.length === 0) {
    const plan = wholeBand(node, precision);
    if (canBind(plan, limits) && (isQuick(plan, limits) || !bandable)) return [plan];
  }
  if (!bandable) throw unbindable(node, limits, precision);
  const steps = Math.ceil(node.shape[2] / (node.kernel.bandRows ?? 1));
  for (let bands = fewest(node, limits, steps); bands <= steps; bands++) {
    const rows = Math.ceil(steps / bands) * (node.kernel.bandRows ?? 1);
    const plans = splitRows(node, producers, rows, precision);
    const small = plans.every(
      (plan) => isQuick(plan, limits) && (plan.node === node || isWithinStrip(plan)),
    );
    if ((small || bands === steps) && plans.every((plan) => canBind(plan, limits)))
      return labelled(plans);
  }
  throw unbindable(node, limits, precision);
}

/** Bands of a sample that may be quick enough; trying all fewer ones, too, leaves much garbage. */
function fewest({ kernel, args, shape }: OpNode, limits: Limits, steps: number): number {
  const { maxMacs = Number.POSITIVE_INFINITY } = limits;
  const macs = (kernel.macs?.(args) ?? 0) / shape[0];
  return Math.max(1, Math.min(steps, Math.floor(macs / maxMacs)));
}

type Part = Pick<BandPlan, "node" | "band" | "windows">;

function splitRows(
  node: OpNode,
  producers: readonly OpNode[],
  rowsPerBand: number,
  precision: Precision,
): Part[] {
  const [samples, , h] = node.shape;
  const plans: Part[] = [];
  for (let n = 0; n < samples; n++) {
    for (let first = 0; first < h; first += rowsPerBand) {
      const rows: Rows = [first, Math.min(h, first + rowsPerBand)];
      for (const { op, rows: made, scratch } of chain(node, producers, rows))
        plans.push(bandPlan(op, n, made, precision, scratch));
    }
  }
  return plans;
}

/** The producers and the node with the rows that each makes, and its bindings that are scratch. */
function chain(node: OpNode, producers: readonly OpNode[], rows: Rows) {
  const links: { op: OpNode; rows: Rows; scratch: string[] }[] = [];
  let needed = rows;
  for (let i = producers.length; i >= 0; i--) {
    const op = producers[i] ?? node;
    const made = needed;
    const between = Object.keys(op.inputs).find((name) => op.inputs[name] === producers[i - 1]);
    if (between) needed = op.kernel.inputRows!(op.args, between, made);
    const scratch = [...(between ? [between] : []), ...(op === node ? [] : ["y"])];
    links.unshift({ op, rows: made, scratch });
  }
  return links;
}

function bandPlan(
  node: OpNode,
  n: number,
  rows: Rows,
  precision: Precision,
  scratch: readonly string[],
): Part {
  const windows: Record<string, { offset: number; size: number }> = {};
  const base: Record<string, number> = {};
  for (const [name, layout] of imagesOf(node)) {
    const shape = name === "y" ? node.shape : node.inputs[name].shape;
    const needed = name === "y" ? rows : node.kernel.inputRows!(node.args, name, rows);
    const sample = shape[0] === 1 ? 0 : n;
    const bytes = elementBytes(layout, precision);
    const pitch = layout.elements(shape) / (shape[0] * shape[2]);
    const first = (sample * shape[2] + needed[0]) * pitch;
    const end = (sample * shape[2] + needed[1]) * pitch;
    // A scratch band lies at the start of its buffer; others start where every device can bind.
    const aligned = Math.floor((first * bytes) / WINDOW_BYTES);
    const atStart = scratch.includes(name);
    const from = atStart ? first * bytes : aligned * WINDOW_BYTES;
    windows[name] = { offset: atStart ? 0 : from, size: end * bytes - from };
    base[name] = from / bytes;
  }
  return { node, band: { n, count: 1, row: rows[0], rows: rows[1] - rows[0], base }, windows };
}

function labelled(plans: readonly Part[]): BandPlan[] {
  return plans.map((plan) => {
    const { node, band } = plan;
    const of = plans.filter((other) => other.node === node);
    const sample = node.shape[0] > 1 ? `sample ${band.n}, ` : "";
    const rows = `${sample}rows ${band.row}-${band.row + band.rows - 1}`;
    const label = of.length > 1 ? `${node.name} [${rows}]` : node.name;
    return { ...plan, label, completes: of[of.length - 1] === plan };
  });
}

function unbindable(node: OpNode, limits: Limits, precision: Precision): GpuError {
  const bytes = layoutBytes(node.layout, node.shape, precision);
  return new GpuError(
    `${node.name}: ${bytes} bytes, or the tensors it reads, cannot be bound ${limits.maxStorageBufferBindingSize} bytes at a time; use a smaller model or a device with larger limits`,
  );
}

/** Says what does not fit the device: weights and buffers, which no cutting makes smaller. */
export function tooLarge(
  tensors: readonly PlannedTensor[],
  steps: readonly DispatchStep[],
  maxBufferSize: number,
  maxBindingSize: number,
): GpuError {
  const tensor = tensors.find(({ bytes }) => bytes > maxBufferSize);
  if (tensor) {
    return new GpuError(
      `${tensor.name}: ${tensor.bytes} bytes exceed the device's largest buffer, ${maxBufferSize}; use f16, a smaller model or a smaller picture`,
    );
  }
  const largest = (step: DispatchStep) => Math.max(...step.bindings.map(({ size }) => size));
  const step = steps.find((each) => largest(each) > maxBindingSize)!;
  return new GpuError(
    `${step.label}: a binding of ${largest(step)} bytes exceeds the device's limit, ${maxBindingSize}; use f16 or a smaller model`,
  );
}
