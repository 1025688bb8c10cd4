import { ShapeError } from "../errors";
import { type Shape, show } from "../tensor";
import { quads } from "./kernel";
import { inputQuads } from "./layout";
import { sizesOf } from "./sizes";

/**
 * What the modulated kernels have in common: their input is the concatenation, never materialised,
 * of a generator half x and an encoder half e, scaled per channel by the layer's style.
 */
export interface ModulatedInput {
  /** Generator half (n or 1, cX, h, w), activated. */
  readonly x: Shape;
  /** Encoder half (n, cE, h, w), not yet weighted and activated. */
  readonly e?: Shape;
  /** (4 + cE): noise weight, three zeros, then the encoder half's biases; present with e. */
  readonly e_activation?: Shape;
  /** (n, styles of all layers), see style_vectors. */
  readonly s: Shape;
  /** Where this layer's styles start in s; halves are padded to whole quads. */
  readonly sFirst: number;
}

/** A modulated convolution: its input and its weights. */
export interface Modulated extends ModulatedInput {
  /** (cOut, cX + cE, k, k). */
  readonly w: Shape;
}

/** Channels of each half of the input. */
export function halves({ x, e }: Pick<ModulatedInput, "x" | "e">): number[] {
  return e ? [x[1], e[1]] : [x[1]];
}

/** Channels of both halves together. */
export function inputChannels(args: Pick<ModulatedInput, "x" | "e">): number {
  return halves(args).reduce((sum, c) => sum + c);
}

/** Where a layer's factors lie among those of all layers. */
interface Demodulated {
  /** (n, demodulation factors of all layers), see demodulation. */
  readonly d?: Shape;
  readonly dFirst?: number;
}

/**
 * As sizesOf, for the halves, the styles and the kernel's other shapes. Throws a ShapeError if they do
 * not belong together, or the layer's styles or factors do not lie within those of all layers.
 */
export function modulatedSizes(
  kernel: string,
  args: ModulatedInput & Demodulated,
  patterns: Readonly<Record<string, string>>,
): Readonly<Record<string, number>> {
  const { x, e, e_activation = e && [], s, sFirst, d, dFirst = 0 } = args;
  const sizes = sizesOf(
    kernel,
    { ...args, e_activation },
    {
      s: "n styles",
      x: `${x[0] === 1 ? 1 : "n"} cX h w`,
      e: "n cE h w",
      e_activation: `${4 + (e ? e[1] : 0)}`,
      ...patterns,
    },
  );
  const width = 4 * inputQuads(halves(args));
  checkSlice(`${kernel}: styles`, sFirst, sFirst + width, `s ${show(s)}`, s[1]);
  if (d) checkFactors(kernel, d, dFirst, sizes.cOut);
  return sizes;
}

/** Throws a ShapeError unless a layer's demodulation factors lie within those of all layers. */
export function checkFactors(kernel: string, d: Shape, dFirst: number, cOut: number): void {
  checkSlice(`${kernel}: demodulation`, dFirst, dFirst + cOut, `d ${show(d)}`, d[1]);
}

/** Throws a ShapeError unless a layer's part lies within a vector of all layers, at a whole quad. */
function checkSlice(what: string, first: number, end: number, all: string, size: number): void {
  if (first % 4 === 0 && end <= size) return;
  throw new ShapeError(`${what} ${first} to ${end} must lie within ${all}, in whole quads`);
}

/** The uniform members that say where a modulated kernel finds its halves and its styles. */
export function modulatedParams({ x, e, s, sFirst }: ModulatedInput) {
  return {
    x_quads: quads(x[1]),
    e_quads: e ? quads(e[1]) : 0,
    h: x[2],
    w: x[3],
    x_rows_per_sample: x[0] === 1 ? 0 : x[2],
    s_first: sFirst / 4,
    s_stride: quads(s[1]),
  };
}
