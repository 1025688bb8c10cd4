import type { Band } from "../kernels/kernel";
import { type Layout, layoutBytes, type Precision } from "../kernels/layout";
import type { Limits } from "./limits";
import type { OpNode } from "./node";

/** A band of a node, and the byte range of each image that it binds. */
export interface BandPlan {
  readonly node: OpNode;
  /** The node's name, and the rows of a band that is one of several. */
  readonly label: string;
  readonly band: Band;
  readonly windows: Readonly<Record<string, { offset: number; size: number }>>;
  /** Whether this is the last band of its node. */
  readonly completes: boolean;
}

/** What runs at one place of the order. */
export interface Group {
  readonly node: OpNode;
  /** Run before the node, band by band with it; each reads what the one before it makes. */
  readonly producers: readonly OpNode[];
  readonly bands: readonly BandPlan[];
}

/** The names and layouts of the images that a node binds: what can be bound through a window of rows. */
export function imagesOf({ kernel, args, inputs }: OpNode): [string, Layout][] {
  const layouts: Readonly<Record<string, Layout>> = kernel.layouts(args);
  return kernel.bindings
    .filter((name) => name === "y" || name in inputs)
    .map((name): [string, Layout] => [name, layouts[name]])
    .filter(([, { kind }]) => kind === "image" || kind === "rgba8");
}

/** A node in one band over everything. */
export function wholeBand(node: OpNode, precision: Precision): BandPlan {
  const images = imagesOf(node).map(([name, layout]) => {
    const shape = name === "y" ? node.shape : node.inputs[name].shape;
    return [name, { offset: 0, size: layoutBytes(layout, shape, precision) }] as const;
  });
  const base = Object.fromEntries(images.map(([name]) => [name, 0]));
  const [count, , rows = 1] = node.shape;
  return {
    node,
    label: node.name,
    band: { n: 0, count, row: 0, rows, base },
    windows: Object.fromEntries(images),
    completes: true,
  };
}

/** Whether all images that it binds are within the limit. */
export function canBind(
  { windows }: Pick<BandPlan, "windows">,
  { maxStorageBufferBindingSize }: Limits,
): boolean {
  return Object.values(windows).every(({ size }) => size <= maxStorageBufferBindingSize);
}

/** Whether it takes no longer than one step may. */
export function isQuick(
  { node, band }: Pick<BandPlan, "node" | "band">,
  { maxMacs = Number.POSITIVE_INFINITY }: Limits,
) {
  const [n, , h = band.rows] = node.shape;
  const whole = node.kernel.macs?.(node.args) ?? 0;
  return (whole * band.count * band.rows) / (n * h) <= maxMacs;
}

/** Whether no more exists at a time of what it makes than its kernel wants. */
export function isWithinStrip({ node, windows }: Pick<BandPlan, "node" | "windows">): boolean {
  const { stripBytes } = node.kernel;
  return stripBytes === undefined || windows.y.size <= stripBytes;
}
