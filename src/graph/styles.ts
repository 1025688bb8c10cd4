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

/** Where the kernels of a layer find its styles and demodulation factors. */
export interface Style {
  readonly s: Node;
  readonly sFirst: number;
  readonly d: Node;
  readonly dFirst: number;
}

/** Styles (n, m) from the rows of all modulations, w and b, in the order of `layers`. */
export type MakeStyles = (
  rows: { readonly w: Node; readonly b: Node },
  layers: readonly ModulatedLayer[],
) => Node;

/**
 * Styles and demodulation factors of all layers, in two dispatches however many layers there are:
 * s = W w + b; then s over its magnitude, and d from the squared weights. Halves are padded to whole
 * quads. What is demodulated comes first, as toRGB reads its styles as they are.
 */
export function styles(
  layers: readonly ModulatedLayer[],
  styleDim: number,
  makeStyles: MakeStyles,
): Map<string, Style> {
  const all = [...layers].sort((a, b) => Number(b.demodulate) - Number(a.demodulate));
  const places: { name: string; sFirst: number; factors: number }[] = [];
  const rows: number[] = [];
  let [total, demodulated, squares] = [0, 0, 0];
  for (const { name, halves, cOut, demodulate } of all) {
    const count = inputQuads(halves);
    places.push({ name, sFirst: 4 * total, factors: rows.length });
    if (demodulate) {
      for (let oq = 0; oq < quads(cOut); oq++, squares += count)
        rows.push(total, count, 4 * squares, Number(oq === 0));
      demodulated = 4 * (total + count);
    }
    total += count;
  }
  const w = stackedRows("weight", [4 * total, styleDim], all);
  const b = stackedRows("bias", [4 * total], all);
  const raw = makeStyles({ w, b }, all);
  const table = constant("demodulation.rows", [rows.length / 4, 4], rows);
  const wsq = squaredWeights(all, squares);
  const d = op(demodulation, "demodulation", { s: raw, wsq, rows: table }, { styles: demodulated });
  return new Map(
    places.map(({ name, sFirst, factors }) => [
      name,
      { s: sFirst < demodulated ? d : raw, sFirst, d, dFirst: demodulated + factors },
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
      const rows = await read(`generator.${name}.conv.modulation.${what}`);
      for (const [c, slot] of paddedChannels(halves).entries())
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
function squaredWeights(layers: readonly ModulatedLayer[], blocks: number): WeightNode {
  return derived("demodulation.wsq", [16 * blocks], async function* (read) {
    for (const { name, halves, cOut, demodulate } of layers) {
      if (!demodulate) continue;
      const w = await read(`generator.${name}.conv.weight`);
      const slots = paddedChannels(halves);
      const count = inputQuads(halves);
      const taps = w.length / (slots.length * cOut);
      const wsq = new Float32Array(16 * quads(cOut) * count);
      for (let oc = 0, at = 0; oc < cOut; oc++) {
        for (const c of slots) {
          const to = 16 * ((oc >> 2) * count + (c >> 2)) + (oc & 3) * 4 + (c & 3);
          for (let tap = 0; tap < taps; tap++, at++) wsq[to] += w[at] * w[at];
        }
      }
      yield wsq;
    }
  });
}
