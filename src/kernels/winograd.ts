import { numel, type Shape } from "../tensor";
import { ceilDiv, quads } from "./kernel";
import { inputQuads, type Layout, paddedChannels } from "./layout";

/*
 * Winograd's F(4x4, 3x3): 4x4 outputs of a 3x3 convolution of stride 1 from 36 products instead of
 * 144: y = Aᵀ ((G w Gᵀ) ⊙ (Bᵀ x B)) A for a patch x of 6x6 inputs. Source: Lavin and Gray, arXiv
 * 1509.09308. The points are 0, ±1/√2, ±√2 and infinity instead of the paper's 0, ±1, ±2: both the
 * error and the largest transformed number are half as large.
 */

/** Rows and columns of outputs that a tile makes. */
export const TILE = 4;
/** Products of a tile: those of a 6x6 patch. */
export const POSITIONS = 36;

const A = Math.SQRT1_2;
const B = Math.SQRT2;

/** Bᵀ (6, 6), to a patch's rows and columns. */
export const INPUT: readonly (readonly number[])[] = [
  [1, 0, -2.5, 0, 1, 0],
  [0, -2 * A, -2, A, 1, 0],
  [0, 2 * A, -2, -A, 1, 0],
  [0, -0.5 * B, -0.5, B, 1, 0],
  [0, 0.5 * B, -0.5, -B, 1, 0],
  [0, 1, 0, -2.5, 0, 1],
];

/** G (6, 3), to a filter's. */
export const FILTER: readonly (readonly number[])[] = [
  [1, 0, 0],
  [-2 / 3, (-2 / 3) * A, -1 / 3],
  [-2 / 3, (2 / 3) * A, -1 / 3],
  [1 / 6, B / 6, 1 / 3],
  [1 / 6, -B / 6, 1 / 3],
  [0, 0, 1],
];

/** Aᵀ (4, 6), to the products'. */
export const OUTPUT: readonly (readonly number[])[] = [
  [1, 1, 1, 1, 1, 0],
  [0, A, -A, B, -B, 0],
  [0, 0.5, 0.5, 2, 2, 0],
  [0, 0.5 * A, -0.5 * A, 2 * B, -2 * B, 1],
];

/** Tiles below and beside one another that cover an image of h by w outputs. */
export function tiles(h: number, w: number): [rows: number, columns: number] {
  return [ceilDiv(h, TILE), ceilDiv(w, TILE)];
}

/**
 * Transformed weights (36 cOut, cIn), both in whole quads, in the order of their buffer: position,
 * output quad, input quad, input channel, output channel. One position's are read as a stream.
 */
export const WINOGRAD_WEIGHTS: Layout = {
  kind: "conv_weights",
  follows: true,
  elements: (shape) => numel(shape) / 4,
  runs: (shape, visit) => visit(0, 0, 1, numel(shape)),
};

/** Where WINOGRAD_WEIGHTS keeps position p of output oc and input ic. */
export function weightIndex(
  [rows, cIn]: Shape,
  [p, oc, ic]: readonly [p: number, oc: number, ic: number],
): number {
  const row = p * (rows / POSITIONS) + (oc & ~3);
  return row * cIn + (ic >> 2) * 16 + (ic & 3) * 4 + (oc & 3);
}

/** The shape of transformed weights for inputs whose halves are padded to whole quads each. */
export function winogradWeightsShape(cOut: number, halves: readonly number[]): Shape {
  const cIn = 4 * inputQuads(halves);
  return [POSITIONS * 4 * quads(cOut), cIn];
}

/**
 * G w Gᵀ of weights w (cOut, cIn, 3, 3), as WINOGRAD_WEIGHTS, in six parts of a row of G each; every
 * part lies in the same memory. GPEN-256: 40 ms for its four layers.
 */
export function* winogradWeights(
  w: Float32Array,
  cOut: number,
  halves: readonly number[],
): Generator<Float32Array> {
  const shape = winogradWeightsShape(cOut, halves);
  const width = shape[1];
  const part = new Float32Array(numel(shape) / 6);
  const step = part.length / 6;
  const slots = paddedChannels(halves);
  for (const [g0, g1, g2] of FILTER) {
    for (let oc = 0, at = 0; oc < cOut; oc++) {
      const block = (oc & ~3) * width + (oc & 3);
      for (const c of slots) {
        const a = g0 * w[at] + g1 * w[at + 3] + g2 * w[at + 6];
        const b = g0 * w[at + 1] + g1 * w[at + 4] + g2 * w[at + 7];
        const e = g0 * w[at + 2] + g1 * w[at + 5] + g2 * w[at + 8];
        at += 9;
        // FILTER times (a, b, e), written out: a loop over its rows took 9 times as long.
        const to = block + 4 * c;
        const near = (-2 * a - e) / 3;
        const far = (a + 2 * e) / 6;
        part[to] = a;
        part[to + step] = near - (2 / 3) * A * b;
        part[to + 2 * step] = near + (2 / 3) * A * b;
        part[to + 3 * step] = far + (B / 6) * b;
        part[to + 4 * step] = far - (B / 6) * b;
        part[to + 5 * step] = e;
      }
    }
    yield part;
  }
}
