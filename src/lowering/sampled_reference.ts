import type { OpNode } from "../graph/node";
import type { Rows } from "../kernels/kernel";
import { uniform } from "../random";
import { referenceOf } from "../references/references";
import type { Shape } from "../tensor";

/** A few pixels of four neighbouring channels of an output (n, c, h, w). */
export interface Tile {
  readonly sample: number;
  /** Channels 4 quad to 4 quad + 3, as far as there are. */
  readonly quad: number;
  readonly rows: Rows;
  readonly columns: Rows;
}

/** Where a call's values come from. */
export interface CallValues {
  /** Rows of one sample of an image, (c, rows, w). */
  rows(name: string, sample: number, rows: Rows): Float32Array;
  /** A whole tensor that is not an image. */
  values(name: string): Float32Array;
}

/**
 * A tile has 36 numbers, eight of them 288. The reference of GPEN-512's 23 calls takes 1 s of a slow
 * core in all, half of it for multiply-adds around the tiles, of which larger tiles have fewer.
 */
const SIDE = 3;
const TILES = 8;

/** Seeded tiles: all corners, two along the borders, and the rest anywhere. */
export function sampleTiles([n, c, h, w]: Shape): Tile[] {
  const next = uniform(1);
  const below = (limit: number) => Math.floor(next() * limit);
  const span = (size: number, at: number): Rows => [at, Math.min(size, at + SIDE)];
  const last = (size: number) => Math.max(0, size - SIDE);
  return Array.from({ length: TILES }, (_, i) => {
    const edge = (bit: boolean, size: number) => (bit ? last(size) : 0);
    const anywhere = (size: number) => below(last(size) + 1);
    const y = i < 4 || i === 4 ? edge((i & 1) === 1, h) : anywhere(h);
    const x = i < 4 || i === 5 ? edge((i & 2) === 2, w) : anywhere(w);
    const quad = i === 0 ? 0 : i === 3 ? Math.ceil(c / 4) - 1 : below(Math.ceil(c / 4));
    return { sample: i === 3 ? n - 1 : below(n), quad, rows: span(h, y), columns: span(w, x) };
  });
}

/**
 * A tile of a call's output, (channels, rows, columns), by the kernel's own plain reference on the
 * part of its inputs that the tile depends on, which costs as much as the tile and not as the layer.
 */
export function tileReference(node: OpNode, tile: Tile, from: CallValues): Float32Array {
  const args = node.args as Readonly<Record<string, unknown>>;
  const [, c] = node.shape;
  const first = 4 * tile.quad;
  const channels = Math.min(4, c - first);
  const rows = cropOf(node, tile.rows, 2);
  const columns = cropOf(node, tile.columns, 3);
  const cropped: Record<string, unknown> = { ...args };
  const inputs: Record<string, Float32Array> = {};
  const narrow = node.inputs.w?.shape[0] === c;
  for (const [name, { shape }] of Object.entries(node.inputs)) {
    if (isImage(node, name)) {
      const [y, x] = [rows.of(name), columns.of(name)];
      const sample = shape[0] === 1 ? 0 : tile.sample;
      inputs[name] = columnsOf(from.rows(name, sample, y), shape[3], x);
      cropped[name] = [1, shape[1], y[1] - y[0], x[1] - x[0]];
    } else if (shape.length === 2) {
      inputs[name] = rowOf(from.values(name), shape, tile.sample);
      cropped[name] = [1, shape[1]];
    } else if (narrow && (name === "w" || name === "b")) {
      const each = shape.slice(1).reduce((product, side) => product * side, 1);
      inputs[name] = from.values(name).subarray(first * each, (first + channels) * each);
      cropped[name] = [channels, ...shape.slice(1)];
    } else inputs[name] = from.values(name);
  }
  if (narrow && typeof args.dFirst === "number") cropped.dFirst = args.dFirst + first;
  const y = referenceOf(node.kernel)(cropped, inputs);
  return tileOf(y, node.kernel.outputShape(cropped), {
    first: narrow ? 0 : first,
    rows: rows.within(tile.rows),
    columns: columns.within(tile.columns),
  });
}

export function isImage({ kernel, args }: OpNode, name: string): boolean {
  return kernel.layouts(args)[name].kind === "image";
}

/**
 * The rows (dimension 2) or columns (3) of each image that an output's [first, end) depend on,
 * starting where the crop's own pixel grid agrees with the whole's: at an even output row, which is a
 * whole input row also where the input is half as large.
 */
function cropOf(node: OpNode, span: Rows, dimension: 2 | 3) {
  const names = Object.keys(node.inputs).filter((name) => isImage(node, name));
  const needs = (name: string, rows: Rows, size?: number): Rows => {
    const shapes = names.map((image) => [image, turned(node.inputs[image].shape, dimension, size)]);
    return node.kernel.inputRows!({ ...node.args, ...Object.fromEntries(shapes) }, name, rows);
  };
  // Input rows per output row, from an image so tall that borders do not count: 1/2, 1 or 2.
  const ratio = (name: string) =>
    (needs(name, [2000, 2001], 1e6)[0] - needs(name, [1000, 1001], 1e6)[0]) / 1000;
  const starts = names.map((name) => Math.floor(needs(name, span)[0] / ratio(name)));
  const ends = names.map((name) => Math.ceil(needs(name, span)[1] / ratio(name)));
  const start = 2 * Math.floor(Math.min(...starts, span[0]) / 2);
  const end = 2 * Math.ceil(Math.max(...ends) / 2);
  return {
    of: (name: string): Rows => [
      start * ratio(name),
      Math.min(node.inputs[name].shape[dimension], end * ratio(name)),
    ],
    within: ([first, last]: Rows): Rows => [first - start, last - start],
  };
}

/** The shape whose rows are the dimension in question. */
function turned([n, c, h, w]: Shape, dimension: 2 | 3, size?: number): Shape {
  return dimension === 2 ? [n, c, size ?? h, w] : [n, c, size ?? w, h];
}

function columnsOf(values: Float32Array, w: number, [first, end]: Rows): Float32Array {
  const count = values.length / w;
  const cropped = new Float32Array(count * (end - first));
  for (let row = 0; row < count; row++) {
    cropped.set(values.subarray(row * w + first, row * w + end), row * (end - first));
  }
  return cropped;
}

function rowOf(values: Float32Array, [n, width]: Shape, sample: number): Float32Array {
  const row = n === 1 ? 0 : sample;
  return values.subarray(row * width, (row + 1) * width);
}

/** Up to four channels of y (1, c, h, w) from `first` on, some of its rows and columns. */
export function tileOf(
  y: Float32Array,
  [, c, h, w]: Shape,
  { first, rows, columns }: { first: number; rows: Rows; columns: Rows },
): Float32Array {
  const tile: number[] = [];
  for (let oc = first; oc < Math.min(c, first + 4); oc++) {
    for (let oy = rows[0]; oy < rows[1]; oy++) {
      for (let ox = columns[0]; ox < columns[1]; ox++) tile.push(y[(oc * h + oy) * w + ox]);
    }
  }
  return Float32Array.from(tile);
}
