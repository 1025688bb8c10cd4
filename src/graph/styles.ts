import { demodulation } from "../kernels/demodulation";
import { quads } from "../kernels/kernel";
import { inputQuads, paddedChannels } from "../kernels/layout";
import { numel, type Shape } from "../tensor";
import { constant, derived, type Node, op, type WeightNode } from "./node";

/** A layer whose input a style scales. */
export interface ModulatedLayer {
  /** Such as "convs.0". */
  readonly name: string;
  /** Channels of the generator half, and of the encoder half where there is one. */
  readonly halves: readonly number[];
  readonly cOut: number;
  /** Convolutions are demodulated, toRGB is not. */
  readonly demodulate: boolean;
}

/** Where the kernels of a layer find its styles, in s, and demodulation factors, in d. */
export interface Style {
  readonly s: Node;
  readonly sFirst: number;
  readonly d: Node;
  readonly dFirst: number;
}

/** Styles (n, m) from the rows of all modulations, w and b, in the order of the layers. */
export type MakeStyles = (rows: { readonly w: Node; readonly b: Node }) => Node;

/**
 * Styles and demodulation factors of all layers, in two dispatches however many layers there are:
 * s = W w + b; then s over its magnitude, and d from the squared weights. Halves are padded to whole
 * quads. toRGB's styles stay as they are, and nobody reads its factors.
 */
export function styles(
  layers: readonly ModulatedLayer[],
  styleDim: number,
  makeStyles: MakeStyles,
): Map<string, Style> {
  const places: { name: string; sFirst: number; factors: number }[] = [];
  const rows: number[] = [];
  let [total, squares] = [0, 0];
  for (const { name, halves, cOut, demodulate } of layers) {
    const count = inputQuads(halves);
    places.push({ name, sFirst: 4 * total, factors: rows.length });
    for (let oq = 0; oq < quads(cOut); oq++, squares += 4 * count)
      rows.push(total, count, squares, oq ? 0 : demodulate ? 1 : 2);
    total += count;
  }
  const w = stackedRows("weight", [4 * total, styleDim], layers);
  const b = stackedRows("bias", [4 * total], layers);
  const inputs = {
    s: makeStyles({ w, b }),
    wsq: squaredWeights(layers, 4 * squares),
    rows: constant("demodulation.rows", [rows.length / 4, 4], rows),
  };
  const s = op(demodulation, "demodulation", inputs, {});
  return new Map(
    places.map(({ name, sFirst, factors }) => [
      name,
      { s, sFirst, d: s, dFirst: 4 * total + factors },
    ]),
  );
}

/** The modulations' weights or biases under one another, padded rows left at zero. */
function stackedRows(what: string, shape: Shape, layers: readonly ModulatedLayer[]): WeightNode {
  return derived(`styles.${what}`, shape, async function* (read) {
    const [, k = 1] = shape;
    const stacked = new Float32Array(numel(shape));
    let first = 0;
    for (const { name, halves } of layers) {
      const slots = paddedChannels(halves);
      const rows = await read(`generator.${name}.conv.modulation.${what}`, [slots.length, k]);
      for (const [c, slot] of slots.entries())
        stacked.set(rows.subarray(c * k, (c + 1) * k), (first + slot) * k);
      first += 4 * inputQuads(halves);
    }
    yield stacked;
  });
}

/**
 * Per layer, output quad and style quad: four vec4s, one per output, of Σ over taps of w². One part
 * per layer: together they take as much memory as a ninth of the model.
 */
function squaredWeights(layers: readonly ModulatedLayer[], size: number): WeightNode {
  return derived("demodulation.wsq", [size], async function* (read) {
    for (const { name, halves, cOut, demodulate } of layers) {
      const slots = paddedChannels(halves);
      const k = demodulate ? 3 : 1;
      const w = await read(`generator.${name}.conv.weight`, [cOut, slots.length, k, k]);
      const count = inputQuads(halves);
      const wsq = new Float32Array(16 * quads(cOut) * count);
      for (let oc = 0, at = 0; oc < cOut; oc++) {
        for (const c of slots) {
          const to = 16 * ((oc >> 2) * count + (c >> 2)) + (oc & 3) * 4 + (c & 3);
          for (let tap = 0; tap < k * k; tap++, at++) wsq[to] += w[at] * w[at];
        }
      }
      yield wsq;
    }
  });
}
