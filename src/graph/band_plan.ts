import type { Band } from "../kernels/kernel";
import type { Layout } from "../kernels/layout";
import type { OpNode } from "./node";

/** A band of a node, and the byte range of each image that it binds. */
export interface BandPlan {
  readonly node: OpNode;
  /** The node's name, and the rows of a band that is one of several. */
  readonly label: string;
  readonly band: Band;
  /** Images without one are bound as a whole. */
  readonly windows: Readonly<Record<string, { offset: number; size: number }>>;
  /** Whether this is the last band of its node. */
  readonly completes: boolean;
}

/**
 * What runs at one place of the order: a node, or its bands. They may alternate with those of nodes
 * before it, which make band by band what it reads.
 */
export type Group = readonly BandPlan[];

/** The names and layouts of the images that a node binds: what can be bound through a window of rows. */
export function imagesOf({ kernel, args, inputs }: OpNode): [string, Layout][] {
  return Object.entries(kernel.layouts(args)).filter(
    ([name, { kind }]) =>
      (name === "y" || name in inputs) && (kind === "image" || kind === "rgba8"),
  );
}

/** A node in one band over everything. */
export function wholeBand(node: OpNode): BandPlan {
  const [count, , rows = 1] = node.shape;
  const base = Object.fromEntries(imagesOf(node).map(([name]) => [name, 0]));
  const band = { n: 0, count, row: 0, rows, base };
  return { node, label: node.name, band, windows: {}, completes: true };
}
