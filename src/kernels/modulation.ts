import { ShapeError } from "../errors";
import { type Shape, show } from "../tensor";
import { quads } from "./kernel";

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

/** Throws a ShapeError if the halves and the styles do not belong together. */
export function checkModulatedInput(kernel: string, args: ModulatedInput): void {
  const { x, e, e_activation, s, sFirst } = args;
  if (x.length !== 4 || (x[0] !== s[0] && x[0] !== 1)) {
    throw new ShapeError(
      `${kernel}: x ${show(x)} must hold ${s[0]} samples as s ${show(s)} does, or one`,
    );
  }
  if (e && (e.length !== 4 || e[0] !== s[0] || e[2] !== x[2] || e[3] !== x[3])) {
    throw new ShapeError(
      `${kernel}: e ${show(e)} must be (${s[0]}, cE, ${x[2]}, ${x[3]}), as large as x`,
    );
  }
  if (e && e_activation?.[0] !== 4 + e[1]) {
    throw new ShapeError(
      `${kernel}: e_activation ${show(e_activation ?? [])} must be (${4 + e[1]}), the noise weight and one bias per channel of e ${show(e)}`,
    );
  }
  const width = 4 * halves(args).reduce((sum, c) => sum + quads(c), 0);
  if (s.length !== 2 || sFirst % 4 !== 0 || sFirst + width > s[1]) {
    throw new ShapeError(
      `${kernel}: styles ${sFirst} to ${sFirst + width} must lie within s ${show(s)}`,
    );
  }
}

/** Throws a ShapeError if the halves, the weights and the styles do not belong together. */
export function checkModulated(kernel: string, args: Modulated, k: number): void {
  const { x, e, w } = args;
  const cIn = x[1] + (e ? e[1] : 0);
  if (w.length !== 4 || w[1] !== cIn || w[2] !== k || w[3] !== k) {
    throw new ShapeError(
      `${kernel}: w ${show(w)} must be (cOut, ${cIn}, ${k}, ${k}), one input channel per channel of x and e`,
    );
  }
  checkModulatedInput(kernel, args);
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

/** Throws a ShapeError unless d holds this layer's demodulation factors. */
export function checkDemodulation(
  kernel: string,
  d: Shape,
  dFirst: number,
  s: Shape,
  cOut: number,
): void {
  if (d.length !== 2 || d[0] !== s[0] || dFirst % 4 !== 0 || dFirst + cOut > d[1]) {
    throw new ShapeError(
      `${kernel}: demodulation ${dFirst} to ${dFirst + cOut} must lie within d ${show(d)}, one row per sample of s ${show(s)}`,
    );
  }
}
