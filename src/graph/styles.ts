import { demodulation } from "../kernels/demodulation";
import { quads } from "../kernels/kernel";
import { paddedChannels } from "../kernels/layout";
import { styleNormalise } from "../kernels/style_normalise";
import { constant, derived, derivedInParts, type Node, op, type WeightNode } from "./node";

/** A layer whose input a style scales. */
export interface ModulatedLayer {
  /** Prefix of its parameters, such as "generator.convs.0.conv". */
  readonly name: string;
  /** Channels of the generator half, and of the encoder half where there is one. */
  readonly halves: readonly number[];
  readonly cOut: number;
  /** Which of the latents it takes. */
  readonly latent: number;
  readonly demodulate: boolean;
}

/** Where the kernels of a layer find its styles and demodulation factors. */
export interface Style {
  readonly s: Node;
  readonly sFirst: number;
  readonly d: Node;
  readonly dFirst: number;
}

/** Styles (n, m) from the rows of all modulations, w and b, and the latent that each quad of rows takes. */
export type MakeStyles = (rows: { readonly w: Node; readonly b: Node }, latent: Node) => Node;

/**
 * Styles and demodulation factors of all layers, in three dispatches however many layers there are:
 * s = W w + b, s over its magnitude, d from the squared weights. Halves are padded to whole quads.
 */
export function styles(
  layers: readonly ModulatedLayer[],
  styleDim: number,
  makeStyles: MakeStyles,
): Map<string, Style> {
  const widths = layers.map(({ halves }) => 4 * halves.reduce((sum, c) => sum + quads(c), 0));
  const firsts = running(widths);
  const total = firsts[layers.length];
  const outputs = layers.map(({ demodulate, cOut }) => (demodulate ? 4 * quads(cOut) : 0));
  const outputFirsts = running(outputs);

  const w = stackedRows("styles.weight", layers, firsts, styleDim);
  const b = stackedRows("styles.bias", layers, firsts, 0);
  const latents = layers.flatMap(({ latent }, i) => Array(widths[i] / 4).fill(latent));
  const latent = constant("styles.latent", [total / 4], latents);
  const raw = makeStyles({ w, b }, latent);
  const table = layers.flatMap(({ demodulate }, i) => [
    firsts[i] / 4,
    widths[i] / 4,
    Number(demodulate),
    0,
  ]);
  const s = op(
    styleNormalise,
    "styles.normalised",
    { s: raw, layers: constant("styles.layers", [layers.length, 4], table) },
    {},
  );
  const wsqFirsts = running(layers.map((_, i) => (outputs[i] * widths[i]) / 4));
  const rows = layers.flatMap((_, i) =>
    Array.from({ length: outputs[i] / 4 }, (_, oq) => [
      firsts[i] / 4,
      widths[i] / 4,
      wsqFirsts[i] + oq * widths[i],
      i,
    ]).flat(),
  );
  const d = op(
    demodulation,
    "demodulation",
    {
      s,
      wsq: squaredWeights(layers, widths, 4 * wsqFirsts[layers.length]),
      rows: constant("demodulation.rows", [rows.length / 4, 4], rows),
    },
    { styles: total },
  );
  return new Map(
    layers.map(({ name }, i) => [name, { s, sFirst: firsts[i], d, dFirst: outputFirsts[i] }]),
  );
}

/** Sums before each element, and the sum of all. */
function running(sizes: readonly number[]): number[] {
  const sums = [0];
  for (const size of sizes) sums.push(sums[sums.length - 1] + size);
  return sums;
}

/** The modulations' weights (styleDim > 0) or biases under one another, padded rows left at zero. */
function stackedRows(
  name: string,
  layers: readonly ModulatedLayer[],
  firsts: readonly number[],
  styleDim: number,
): WeightNode {
  const total = firsts[layers.length];
  const k = styleDim || 1;
  return derived(name, styleDim ? [total, styleDim] : [total], async (read) => {
    const stacked = new Float32Array(total * k);
    for (const [i, { name: layer, halves }] of layers.entries()) {
      const slots = paddedChannels(halves);
      const rows = await read(`${layer}.modulation.${styleDim ? "weight" : "bias"}`, [
        slots.length,
        k,
      ]);
      for (const [c, slot] of slots.entries()) {
        stacked.set(rows.subarray(c * k, (c + 1) * k), (firsts[i] + slot) * k);
      }
    }
    return stacked;
  });
}

/**
 * Per layer, output quad and style quad: four vec4s, one per output, of Σ over taps of w². One part
 * per layer: together they take as much memory as a ninth of the model.
 */
function squaredWeights(
  layers: readonly ModulatedLayer[],
  widths: readonly number[],
  size: number,
): WeightNode {
  return derivedInParts("demodulation.wsq", [size], async function* (read) {
    for (const [i, { name, halves, cOut, demodulate }] of layers.entries()) {
      if (!demodulate) continue;
      const slots = paddedChannels(halves);
      const w = await read(`${name}.weight`, [cOut, slots.length, 3, 3]);
      const wsq = new Float32Array(4 * quads(cOut) * widths[i]);
      for (let oc = 0, at = 0; oc < cOut; oc++) {
        for (const c of slots) {
          const to = (oc >> 2) * 4 * widths[i] + (c >> 2) * 16 + (oc & 3) * 4 + (c & 3);
          for (let tap = 0; tap < 9; tap++, at++) wsq[to] += w[at] * w[at];
        }
      }
      yield wsq;
    }
  });
}
