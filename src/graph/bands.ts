import { GpuError } from "../errors";
import type { Rows } from "../kernels/kernel";
import { elementBytes, layoutBytes, type Precision } from "../kernels/layout";
import { type BandPlan, type Group, imagesOf, wholeBand } from "./band_plan";
import type { Arrange } from "./compile";
import { group } from "./groups";
import type { Limits } from "./limits";
import type { Node, OpNode } from "./node";
import type { Program } from "./program";

/** Windows onto buffers begin at multiples of it; no device asks for more (specification, section 3.6.2). */
const WINDOW_BYTES = 256;

/**
 * A network's program where some steps do not fit the device as a whole: these are cut into bands of
 * rows. Loaded only then.
 *
 * Errors    GpuError if bands of one row do not fit either, or what no cutting makes smaller
 */
export function cut(
  nodes: readonly Node[],
  outputs: ReadonlySet<Node>,
  limits: Limits,
  precision: Precision,
  arrange: Arrange,
): Program {
  const groups = group(nodes, outputs, limits, precision).map(({ node, producers }) =>
    planBands(node, producers, limits, precision),
  );
  const program = arrange(groups, scratchBytes(groups));
  checkSizes(program, limits);
  return program;
}

/** Bytes of tensors that only exist band by band: those of their largest band. */
function scratchBytes(groups: readonly Group[]): Map<Node, number> {
  const bytes = new Map<Node, number>();
  for (const bands of groups) {
    const last = bands[bands.length - 1].node;
    for (const { node, windows } of bands)
      if (node !== last) bytes.set(node, Math.max(bytes.get(node) ?? 0, windows.y.size));
  }
  return bytes;
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
    const windows = imagesOf(node).map(([name, layout]) => {
      const { shape } = name === "y" ? node : node.inputs[name];
      return [name, { offset: 0, size: layoutBytes(layout, shape, precision) }] as const;
    });
    const plan = { ...wholeBand(node), windows: Object.fromEntries(windows) };
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

/** Whether all images that it binds are within the limit. */
function canBind({ windows }: Part, { maxStorageBufferBindingSize }: Limits): boolean {
  return Object.values(windows).every(({ size }) => size <= maxStorageBufferBindingSize);
}

/** Whether it takes no longer than one step may. */
function isQuick({ node, band }: Part, { maxMacs = Number.POSITIVE_INFINITY }: Limits): boolean {
  const [n, , h = band.rows] = node.shape;
  const whole = node.kernel.macs?.(node.args) ?? 0;
  return (whole * band.count * band.rows) / (n * h) <= maxMacs;
}

/** Whether no more exists at a time of what it makes than its kernel wants. */
function isWithinStrip({ node, windows }: Part): boolean {
  const { stripBytes = Number.POSITIVE_INFINITY } = node.kernel;
  return windows.y.size <= stripBytes;
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

/** Throws for what does not fit the device: weights and buffers, which no cutting makes smaller. */
function checkSizes({ tensors, steps }: Program, limits: Limits): void {
  const { maxBufferSize, maxStorageBufferBindingSize } = limits;
  const tensor = tensors.find(({ bytes }) => bytes > maxBufferSize);
  if (tensor) {
    throw new GpuError(
      `${tensor.name}: ${tensor.bytes} bytes exceed the device's largest buffer, ${maxBufferSize}; use f16, a smaller model or a smaller picture`,
    );
  }
  for (const { label, bindings } of steps) {
    const largest = Math.max(...bindings.map(({ size }) => size));
    if (largest <= maxStorageBufferBindingSize) continue;
    throw new GpuError(
      `${label}: a binding of ${largest} bytes exceeds the device's limit, ${maxStorageBufferBindingSize}; use f16 or a smaller model`,
    );
  }
}
