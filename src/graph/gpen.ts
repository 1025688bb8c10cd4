import { conv2d } from "../kernels/conv2d";
import { fir } from "../kernels/fir";
import { flatten } from "../kernels/flatten";
import { IMAGE, VECTOR } from "../kernels/layout";
import { linear } from "../kernels/linear";
import { mixLatents } from "../kernels/mix_latents";
import { modulatedConv3x3 } from "../kernels/modulated_conv3x3";
import { modulatedUpconv3x3 } from "../kernels/modulated_upconv3x3";
import { noiseAdd } from "../kernels/noise_add";
import { noiseConcat } from "../kernels/noise_concat";
import { pixelNorm } from "../kernels/pixel_norm";
import { toRgb } from "../kernels/to_rgb";
import { channels, type GpenConfig, latentCount, resolutions } from "../weights/config";
import { derived, input, type Node, op, type WeightNode, weight } from "./node";
import { type ModulatedLayer, type Style, styles } from "./styles";

/*
 * GPEN as the paper's figure 2 draws it: a degraded face goes down the encoder; its last feature
 * becomes the latent z; the GAN prior goes up again, and at every resolution the encoder's feature
 * is concatenated where StyleGAN2 has noise. Source: arXiv 2105.06070; GPEN face_model/gpen_model.py.
 *
 *   input ─ ecd0 ─ ecd1 ─ ... ─ ecdN ─ FC ─ z ─ mapping ─ w
 *             │      │            │                       │ (modulates every layer)
 *             │      │            └─ conv1 ─ rgb4         │
 *             │      └─ convs.N-3, convs.N-2 ─ rgb ...    │
 *             └─ convs.last ─ rgb of full size = output
 */

/** A face restored: `output` (n, 3, outSize, outSize), and every intermediate by its published name. */
export function gpen(config: GpenConfig, n: number): { output: Node; taps: Record<string, Node> } {
  const face = input("input", [n, 3, config.inSize, config.inSize], IMAGE);
  const features = encoder(config, face);
  const z = op(
    linear,
    "z",
    {
      x: op(flatten, "flatten", { x: features[features.length - 1] }, {}),
      w: weight("final_linear.0.weight", [config.styleDim, 16 * channels(config, 4)]),
      b: weight("final_linear.0.bias", [config.styleDim]),
    },
    { activate: true },
  );
  const w = mapping(config, z, "w");
  const bySide = new Map(features.map((feature) => [feature.shape[2], feature]));
  let extra = 0;
  const noise = noiseShapes(config, n).map(
    (shape) => bySide.get(shape[2]) ?? input(`extra_noise.${extra++}`, shape, IMAGE),
  );
  const { output, taps } = prior(config, w, noise);
  const encoded = Object.fromEntries(features.map((feature, i) => [`ecd${i}`, feature]));
  return { output, taps: { ...encoded, z, w, ...taps } };
}

/** The GAN prior alone: z and z2 (n, styleDim) through the mapping network, mixed and truncated. */
export function sampler(
  config: GpenConfig,
  n: number,
): { output: Node; taps: Record<string, Node> } {
  const latent = (name: string) =>
    mapping(config, input(`prior.${name}`, [n, config.styleDim], VECTOR), `${name}.w`);
  const ws = op(
    mixLatents,
    "ws",
    {
      w1: latent("z"),
      w2: latent("z2"),
      w_avg: input("prior.w_avg", [1, config.styleDim], VECTOR),
      mix_by: input("prior.mix_by", [2], VECTOR),
    },
    { layers: latentCount(config) },
  );
  const noise = noiseShapes(config, n).map((shape, i) => input(`prior.noise.${i}`, shape, IMAGE));
  return prior(config, ws, noise);
}

/** The mapped latent w of a z, for finding the prior's mean latent. */
export function mapper(config: GpenConfig, n: number): Node {
  return mapping(config, input("prior.z", [n, config.styleDim], VECTOR), "w");
}

/** ecd0 keeps the size, every further ecd halves it down to 4: blur, then a convolution of stride 2. */
function encoder(config: GpenConfig, face: Node): Node[] {
  const sides = resolutions(config.inSize).reverse();
  const features: Node[] = [];
  for (const [i, side] of sides.entries()) {
    const x = features[i - 1] ?? face;
    const c = channels(config, side);
    const b = weight(`ecd${i}.0.${i ? 2 : 1}.bias`, [c]);
    if (i === 0) {
      const w = weight("ecd0.0.0.weight", [c, 3, 1, 1]);
      features.push(op(conv2d, "ecd0", { x, w, b }, { stride: 1, pad: 0, activate: true }));
      continue;
    }
    const blurred = op(
      fir,
      `ecd${i}.blur`,
      { x },
      { pad: { before: 2, after: 2 }, stride: 1, gain: 1 },
    );
    const w = weight(`ecd${i}.0.1.weight`, [c, x.shape[1], 3, 3]);
    features.push(
      op(conv2d, `ecd${i}`, { x: blurred, w, b }, { stride: 2, pad: 0, activate: true }),
    );
  }
  return features;
}

/** z → w: normalised, then nMlp fully connected layers with a learning rate multiplier of 0.01. */
function mapping({ nMlp, styleDim }: GpenConfig, z: Node, name: string): Node {
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

/** The output of a styled convolution: the concatenation of two halves that is never made. */
interface Feature {
  readonly x: Node;
  readonly e?: Node;
  readonly e_activation?: Node;
}

/** From the constant 4 x 4 up: per resolution two styled convolutions and an RGB image. */
function prior(config: GpenConfig, ws: Node, noise: readonly Node[]) {
  const style = styles(modulatedLayers(config), config.styleDim, ws);
  const taps: Record<string, Node> = {};
  const start = { x: weight("generator.input.input", [1, channels(config, 4), 4, 4]) };
  let feature = styledConv(config, "conv1", start, false, noise[0], style);
  let rgb = image("to_rgb1", feature, undefined, style);
  Object.assign(taps, { conv1: concatenated("conv1", feature), rgb4: rgb });
  for (const [i, side] of resolutions(config.outSize).slice(1).entries()) {
    for (const j of [2 * i, 2 * i + 1]) {
      feature = styledConv(config, `convs.${j}`, feature, j % 2 === 0, noise[j + 1], style);
      taps[`convs.${j}`] = concatenated(`convs.${j}`, feature);
    }
    rgb = image(`to_rgbs.${i}`, feature, rgb, style);
    taps[`rgb${side}`] = rgb;
  }
  return { output: rgb, taps };
}

function styledConv(
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
  const b = config.noise === "add" ? undefined : halfOfBias(layer, 0, c);
  const x = up
    ? op(
        fir,
        name,
        { x: op(modulatedUpconv3x3, `${name}.up`, inputs, { sFirst, dFirst }), b },
        { pad: { before: 1, after: 1 }, stride: 1, gain: 4 },
      )
    : op(modulatedConv3x3, name, { ...inputs, b }, { sFirst, dFirst });
  if (config.noise === "none") return { x };
  const e_activation = noiseActivation(layer, c, config.noise === "concat" ? c : 0);
  if (config.noise === "concat") return { x, e: noise, e_activation };
  return { x: op(noiseAdd, `${name}.noise`, { x, e: noise, e_activation }, {}) };
}

/** toRGB, added to the upsampled image of half the size. */
function image(
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

function concatenated(name: string, { x, e, e_activation }: Feature): Node {
  return e && e_activation ? op(noiseConcat, `${name}.concat`, { x, e, e_activation }, {}) : x;
}

/** c biases of a styled convolution, from `first` on: the halves of a concatenation share a tensor. */
function halfOfBias(layer: string, first: number, c: number): WeightNode {
  return derived(`${layer}.bias`, [c], async (read) =>
    (await read(`${layer}.activate.bias`)).slice(first, first + c),
  );
}

/** [noise weight, 0, 0, 0, biases of the half that starts at `first`]. */
function noiseActivation(layer: string, c: number, first: number): WeightNode {
  return derived(`${layer}.noise`, [4 + c], async (read) => {
    const values = new Float32Array(4 + c);
    values.set(await read(`${layer}.noise.weight`));
    values.set((await read(`${layer}.activate.bias`)).subarray(first, first + c), 4);
    return values;
  });
}

/** (n, c, side, side) of every noise map: one at 4 px, two at every resolution above. */
export function noiseShapes(config: GpenConfig, n: number): [number, number, number, number][] {
  return resolutions(config.outSize).flatMap((side) =>
    Array.from(
      { length: side === 4 ? 1 : 2 },
      () => [n, channels(config, side), side, side] as [number, number, number, number],
    ),
  );
}

/** Every modulated layer of the prior, in the order of the latents: 0 conv1, 1 toRGB and convs.0, ... */
export function modulatedLayers(config: GpenConfig): ModulatedLayer[] {
  const halves = (side: number) =>
    Array<number>(config.noise === "concat" ? 2 : 1).fill(channels(config, side));
  const layer = (
    name: string,
    halves: number[],
    cOut: number,
    latent: number,
    demodulate = true,
  ): ModulatedLayer => ({
    name: `generator.${name}.conv`,
    halves,
    cOut,
    latent,
    demodulate,
  });
  const c4 = channels(config, 4);
  return [
    layer("conv1", [c4], c4, 0),
    layer("to_rgb1", halves(4), 3, 1, false),
    ...resolutions(config.outSize)
      .slice(1)
      .flatMap((side, i) => [
        layer(`convs.${2 * i}`, halves(side / 2), channels(config, side), 2 * i + 1),
        layer(`convs.${2 * i + 1}`, halves(side), channels(config, side), 2 * i + 2),
        layer(`to_rgbs.${i}`, halves(side), 3, 2 * i + 3, false),
      ]),
  ];
}
