import { fir } from "../kernels/fir";
import { linear } from "../kernels/linear";
import { modulatedConv3x3 } from "../kernels/modulated_conv3x3";
import { modulatedUpconv3x3 } from "../kernels/modulated_upconv3x3";
import { noiseAdd } from "../kernels/noise_add";
import { pixelNorm } from "../kernels/pixel_norm";
import { toRgb } from "../kernels/to_rgb";
import type { GpenConfig } from "../weights/config";
import { derived, type Node, type OpNode, op, type WeightNode, weight } from "./node";
import type { Style } from "./styles";

/** The output of a styled convolution: the concatenation of two halves that is never made. */
export interface Feature {
  readonly x: Node;
  readonly e?: Node;
  readonly e_activation?: Node;
}

/** √2 leaky_relu(x wᵀ + b), with m outputs and the parameters of `layer`. */
export function fullyConnected(name: string, x: Node, layer: string, m: number): Node {
  const w = weight(`${layer}.weight`, [m, x.shape[1]]);
  return op(linear, name, { x, w, b: weight(`${layer}.bias`, [m]) }, { activate: true });
}

/** z → w: normalised, then nMlp fully connected layers with a learning rate multiplier of 0.01. */
export function mapping({ nMlp, styleDim }: GpenConfig, z: Node, name: string): Node {
  let w: Node = op(pixelNorm, `${name}.norm`, { x: z }, {});
  for (let i = 1; i <= nMlp; i++)
    w = fullyConnected(i < nMlp ? `${name}.${i}` : name, w, `generator.style.${i}`, styleDim);
  return w;
}

/** Modulated convolution (transposed where it enlarges), noise, bias and activation: one feature to the next. */
export function styledConv(
  { noise: mode }: GpenConfig,
  name: string,
  from: Feature,
  noise: Node,
  { s, sFirst, d, dFirst }: Style,
): Feature {
  const [, c, side] = noise.shape;
  const w = modulatedWeight(name, from, c, 3);
  const inputs = { ...from, w, s, d };
  const all = mode === "concat" ? 2 * c : c;
  const b = mode === "add" ? undefined : biases(name, "bias", c, 0, all);
  const x =
    side > from.x.shape[2]
      ? op(
          fir,
          name,
          { x: op(modulatedUpconv3x3, `${name}.up`, inputs, { sFirst, dFirst }), b },
          { pad: { before: 1, after: 1 }, stride: 1, gain: 4 },
        )
      : op(modulatedConv3x3, name, { ...inputs, b }, { sFirst, dFirst });
  if (mode === "none") return { x };
  const e_activation = biases(name, "noise", c, all - c, all);
  if (mode === "concat") return { x, e: noise, e_activation };
  return { x: op(noiseAdd, `${name}.noise`, { x, e: noise, e_activation }, {}) };
}

/** toRGB, added to the upsampled image of half the size. */
export function image(
  name: string,
  from: Feature,
  skip: Node | undefined,
  { s, sFirst }: Style,
): OpNode {
  const w = modulatedWeight(name, from, 3, 1);
  const b = weight(`generator.${name}.bias`, [3]);
  // The skip comes first so that each image follows its own resolution and features are freed early.
  return op(toRgb, `rgb${from.x.shape[2]}`, { skip, ...from, w, s, b }, { sFirst });
}

function modulatedWeight(name: string, { x, e }: Feature, cOut: number, k: number): WeightNode {
  const cIn = x.shape[1] + (e?.shape[1] ?? 0);
  return weight(`generator.${name}.conv.weight`, [cOut, cIn, k, k]);
}

/**
 * c of `all` biases of a styled convolution, from `first` on: the halves of a concatenation share a tensor;
 * where they are of an encoder half, [noise weight, 0, 0, 0] lies before them.
 */
function biases(
  name: string,
  what: "bias" | "noise",
  c: number,
  first: number,
  all: number,
): WeightNode {
  const before = what === "noise" ? 4 : 0;
  return derived(`generator.${name}.${what}`, [before + c], async function* (read) {
    const values = new Float32Array(before + c);
    if (before) values.set(await read(`generator.${name}.noise.weight`, [1]));
    const stored = await read(`generator.${name}.activate.bias`, [all]);
    values.set(stored.subarray(first, first + c), before);
    yield values;
  });
}
