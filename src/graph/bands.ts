import { GpuError } from "../errors";
import type { Band, Rows } from "../kernels/kernel";
import { elementBytes, type Layout, layoutBytes, type Precision } from "../kernels/layout";
import { largestBand } from "./groups";
import type { OpNode } from "./node";

/** The limits of a device that decide how a network is laid out. Defaults are WebGPU's own. */
export interface Limits {
  readonly maxStorageBufferBindingSize: number;
  readonly maxBufferSize: number;
  readonly minStorageBufferOffsetAlignment: number;
  /**
   * Most multiply-adds of one step, where its kernel can be cut into bands: a slow device must be able
   * to draw, and to answer its watchdog, between two. No limit where it is left out.
   */
  readonly maxMacs?: number;
}

export const DEFAULT_LIMITS: Limits = {
  maxStorageBufferBindingSize: 128 * 2 ** 20,
  maxBufferSize: 256 * 2 ** 20,
  minStorageBufferOffsetAlignment: 256,
};

/** A band of a node, and the byte range of each image that it binds. */
export interface BandPlan {
  readonly node: OpNode;
  readonly band: Band;
  readonly windows: Readonly<Record<string, { offset: number; size: number }>>;
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
  const whole = { n: 0, count: node.shape[0], rows: [0, node.shape[2] ?? 1] as Rows };
  if (producers.length === 0) {
    const plan = bandPlan(node, whole, true, limits, precision);
    if (fits(plan, limits) && (isQuick(plan, limits) || !bandable)) return [plan];
  }
  if (!bandable) throw tooLarge(node, limits, precision);
  const steps = Math.ceil(node.shape[2] / (node.kernel.bandRows ?? 1));
  for (let bands = 1; bands <= steps; bands++) {
    const rows = Math.ceil(steps / bands) * (node.kernel.bandRows ?? 1);
    const plans = splitRows(node, producers, rows, limits, precision);
    const small = plans.every(
      (plan) =>
        isQuick(plan, limits) &&
        (plan.node === node || plan.windows.y.size <= largestBand(plan.node, limits)),
    );
    if ((small || bands === steps) && plans.every((plan) => fits(plan, limits))) return plans;
  }
  throw tooLarge(node, limits, precision);
}

function splitRows(
  node: OpNode,
  producers: readonly OpNode[],
  rowsPerBand: number,
  limits: Limits,
  precision: Precision,
): BandPlan[] {
  const [samples, , h] = node.shape;
  const plans: BandPlan[] = [];
  for (let n = 0; n < samples; n++) {
    for (let first = 0; first < h; first += rowsPerBand) {
      const rows: Rows = [first, Math.min(h, first + rowsPerBand)];
      for (const { op, rows: made, scratch } of chain(node, producers, rows))
        plans.push(bandPlan(op, { n, count: 1, rows: made }, false, limits, precision, scratch));
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
  part: { n: number; count: number; rows: Rows },
  whole: boolean,
  limits: Limits,
  precision: Precision,
  scratch: readonly string[] = [],
): BandPlan {
  const { n, count, rows } = part;
  const layouts: Readonly<Record<string, Layout>> = node.kernel.layouts(node.args);
  const windows: Record<string, { offset: number; size: number }> = {};
  const base: Record<string, number> = {};
  for (const name of node.kernel.bindings) {
    const shape = name === "y" ? node.shape : node.inputs[name]?.shape;
    const layout = layouts[name];
    if (!shape || (layout.kind !== "image" && layout.kind !== "rgba8")) continue;
    if (whole) {
      windows[name] = { offset: 0, size: layoutBytes(layout, shape, precision) };
      base[name] = 0;
      continue;
    }
    const needed = name === "y" ? rows : node.kernel.inputRows!(node.args, name, rows);
    const sample = shape[0] === 1 ? 0 : n;
    const bytes = elementBytes(layout, precision);
    const pitch = layout.elements(shape) / (shape[0] * shape[2]);
    const first = (sample * shape[2] + needed[0]) * pitch;
    const end = (sample * shape[2] + needed[1]) * pitch;
    // A scratch band lies at the start of its buffer; others start where the device can bind.
    const aligned = Math.floor((first * bytes) / limits.minStorageBufferOffsetAlignment);
    const atStart = scratch.includes(name);
    const from = atStart ? first * bytes : aligned * limits.minStorageBufferOffsetAlignment;
    windows[name] = { offset: atStart ? 0 : from, size: end * bytes - from };
    base[name] = from / bytes;
  }
  return { node, band: { n, count, row: rows[0], rows: rows[1] - rows[0], base }, windows };
}

function fits(plan: BandPlan, limits: Limits): boolean {
  return Object.values(plan.windows).every(
    ({ size }) => size <= limits.maxStorageBufferBindingSize,
  );
}

function isQuick({ node, band }: BandPlan, { maxMacs = Number.POSITIVE_INFINITY }: Limits) {
  const [n, , h] = node.shape;
  const whole = node.kernel.macs?.(node.args) ?? 0;
  return whole <= maxMacs || (whole * band.count * band.rows) / (n * h) <= maxMacs;
}

function tooLarge(node: OpNode, limits: Limits, precision: Precision): GpuError {
  const bytes = layoutBytes(node.layout, node.shape, precision);
  return new GpuError(
    `${node.name}: ${bytes} bytes, or the tensors it reads, cannot be bound ${limits.maxStorageBufferBindingSize} bytes at a time; use a smaller model or a device with larger limits`,
  );
}
