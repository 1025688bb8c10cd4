import type { Shape } from "../tensor";
import type { Layout } from "./layout";

/**
 * The part of an output that one dispatch computes. Tensors larger than the device's binding limit
 * are bound through windows of rows; everything else runs as one band over the whole batch.
 */
export interface Band {
  /** First sample, and how many. */
  readonly n: number;
  readonly count: number;
  /** First output row, and how many. */
  readonly row: number;
  readonly rows: number;
  /** Per image binding: index of the first element that the bound window holds. */
  readonly base: Readonly<Record<string, number>>;
}

/** Everything a dispatch needs beside its buffers. Pure: made without a GPU. */
export interface Dispatch {
  /** The uniform `Params`, member by member in the shader's order. All are u32 by convention. */
  readonly params: Readonly<Record<string, number>>;
  /** Values for the shader's prelude, which the loader replaces (see shader_text.ts). */
  readonly prelude?: Readonly<Record<string, number>>;
  readonly overrides?: Readonly<Record<string, number>>;
  readonly workgroups: readonly [number, number, number];
}

/**
 * A compute kernel: one shader and the contract of its shapes; src/references has the same
 * computation in plain TypeScript. `Args` holds the shapes of the inputs (keys equal binding names) and attributes.
 */
export interface Kernel<Args> {
  /** Also the basename of the shader and of this kernel's file. */
  readonly name: string;
  /** Its text, or how to load it where graphics cards do without. */
  readonly wgsl: string | (() => Promise<string>);
  /** Binding names in order: "params", the inputs, and "y" last. */
  readonly bindings: readonly string[];
  /** Validates the shapes and returns the output's; throws ShapeError. */
  outputShape(args: Args): Shape;
  /** How each binding lies in its buffer. */
  layouts(args: Args): Readonly<Record<string, Layout>>;
  plan(args: Args, band: Band): Dispatch;
  /** Rows [first, end) of input `name` that output rows [first, end) read; all of them if absent. */
  inputRows?(args: Args, name: string, rows: Rows): Rows;
  /** Bands begin at multiples of this many rows where that avoids work done twice. */
  readonly bandRows?: number;
  /** Where y has one reader that takes bands, it exists at most this many bytes at a time. */
  readonly stripBytes?: number;
  /** Multiply-adds of one call. */
  macs?(args: Args): number;
}

export type Rows = readonly [first: number, end: number];

/**
 * Most bytes at a time of what exists only between two kernels of a technique: modulated inputs,
 * Winograd's patches and products. Whole, those of GPEN-512's last layer would take 134 and 302 MB.
 */
export const STRIP_BYTES = 16 * 2 ** 20;

/** A kernel whose arguments are known to fit; the graph checks them when a node is made. */
// biome-ignore lint/suspicious/noExplicitAny: the graph stores kernels of every argument type
export type AnyKernel = Kernel<any>;

/** The shader of a kernel, as stored. */
export async function wgslOf({ wgsl }: AnyKernel): Promise<string> {
  return typeof wgsl === "string" ? wgsl : wgsl();
}

export function ceilDiv(a: number, b: number): number {
  return Math.ceil(a / b);
}

/** Vectors of four channels that hold c channels. */
export function quads(c: number): number {
  return ceilDiv(c, 4);
}

/**
 * Neighbouring pixels that one thread of a convolution computes. A loaded weight serves all of them,
 * so more are faster (8 instead of 4: 1.5 times, lavapipe, 128 to 64 channels at 128 px), but narrow
 * images would leave threads without work.
 */
export function pixelsPerThread(w: number): number {
  return w >= 32 ? 8 : 4;
}

/** Threads of a workgroup in kernels that give one thread per output element or run of them. */
export const WORKGROUP = 64;

/**
 * Workgroups for `threads` threads in a row. WebGPU allows 65,535 per dimension, so longer rows
 * wrap into the second one; shaders undo it with `num_workgroups`.
 */
export function flat(threads: number, z = 1): readonly [number, number, number] {
  const groups = ceilDiv(threads, WORKGROUP);
  const x = Math.min(groups, 65535);
  return [x, ceilDiv(groups, x), z];
}

/** Rows that a filter of k taps, padded by `pad`, reads for the given output rows, within [0, h). */
export function filterRows(
  [first, end]: Rows,
  k: number,
  stride: number,
  pad: number,
  h: number,
): Rows {
  return [Math.max(0, first * stride - pad), Math.min(h, (end - 1) * stride - pad + k)];
}
