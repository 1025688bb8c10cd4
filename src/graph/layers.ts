import { fir } from "../kernels/fir";
import { linear } from "../kernels/linear";
import { modulatedConv3x3 } from "../kernels/modulated_conv3x3";
import { modulatedUpconv3x3 } from "../kernels/modulated_upconv3x3";
import { noiseAdd } from "../kernels/noise_add";
import { pixelNorm } from "../kernels/pixel_norm";
import { toRgb } from "../kernels/to_rgb";
import type { GpenConfig } from "../weights/config";
import { derived, type Node, op, type WeightNode, weight } from "./node";
import type { Style } from "./styles";

/** The output of a styled convolution: the concatenation of two halves that is never made. */
export interface Feature {
  readonly x: Node;
  readonly e?: Node;
  readonly e_activation?: Node;
}

/** z → w: normalised, then nMlp fully connected layers with a learning rate multiplier of 0.01. */
export function mapping({ nMlp, styleDim }: GpenConfig, z: Node, name: string): Node {
  let w: Node = op(pixelNorm, `${name}.norm`, { x: z }, {});
  for (let i = 1; i <= nMlp; i++) {
    const layer = `generator.style.${i}`;
    w = op(
      linear,
      i === nMlp ? name : `${name}.${i}`,
      {
        x: w,
        w: weight(`${layer}.weight`, [styleDim, styleDim]),
        b: weight(`${layer}.bias`, [styleDim]),
      },
      { activate: true },
    );
  }
  return w;
}

/** Modulated convolution (transposed where it enlarges), noise, bias and activation: one feature to the next. */
export function styledConv(
  config: GpenConfig,
  name: string,
  from: Feature,
  up: boolean,
  noise: Node,
  style: ReadonlyMap<string, Style>,
): Feature {
  const c = noise.shape[1];
  const layer = `generator.${name}`;
  const { s, sFirst, d, dFirst } = style.get(`${layer}.conv`)!;
  const cIn = from.x.shape[1] + (from.e?.shape[1] ?? 0);
  const inputs = { ...from, w: weight(`${layer}.conv.weight`, [c, cIn, 3, 3]), s, d };
  const biases = config.noise === "concat" ? 2 * c : c;
  const b = config.noise === "add" ? undefined : firstBiases(layer, c, biases);
  const x = up
    ? op(
        fir,
        name,
        { x: op(modulatedUpconv3x3, `${name}.up`, inputs, { sFirst, dFirst }), b },
        { pad: { before: 1, after: 1 }, stride: 1, gain: 4 },
      )
    : op(modulatedConv3x3, name, { ...inputs, b }, { sFirst, dFirst });
  if (config.noise === "none") return { x };
  const e_activation = noiseActivation(layer, c, biases);
  if (config.noise === "concat") return { x, e: noise, e_activation };
  return { x: op(noiseAdd, `${name}.noise`, { x, e: noise, e_activation }, {}) };
}

/** toRGB, added to the upsampled image of half the size. */
export function image(
  name: string,
  from: Feature,
  skip: Node | undefined,
  style: ReadonlyMap<string, Style>,
): Node {
  const layer = `generator.${name}`;
  const { s, sFirst } = style.get(`${layer}.conv`)!;
  const cIn = from.x.shape[1] + (from.e?.shape[1] ?? 0);
  // The skip comes first so that each image follows its own resolution and features are freed early.
  return op(
    toRgb,
    `rgb${from.x.shape[2]}`,
    {
      skip,
      ...from,
      w: weight(`${layer}.conv.weight`, [3, cIn, 1, 1]),
      s,
      b: weight(`${layer}.bias`, [3]),
    },
    { sFirst },
  );
}

/** The first c biases of a styled convolution: the halves of a concatenation share a tensor. */
function firstBiases(layer: string, c: number, biases: number): WeightNode {
  return derived(`${layer}.bias`, [c], async (read) =>
    (await read(`${layer}.activate.bias`, [biases])).slice(0, c),
  );
}

/** [noise weight, 0, 0, 0, the last c biases]. */
function noiseActivation(layer: string, c: number, biases: number): WeightNode {
  return derived(`${layer}.noise`, [4 + c], async (read) => {
    const values = new Float32Array(4 + c);
    values.set(await read(`${layer}.noise.weight`, [1]));
    values.set((await read(`${layer}.activate.bias`, [biases])).subarray(-c), 4);
    return values;
  });
}
