import { conv2d } from "../kernels/conv2d";
import { fir } from "../kernels/fir";
import { flatten } from "../kernels/flatten";
import { IMAGE } from "../kernels/layout";
import { linear } from "../kernels/linear";
import { channels, type GpenConfig, resolutions } from "../weights/config";
import { modulatedLayers, noiseShapes } from "./layer_table";
import { type Feature, image, mapping, styledConv } from "./layers";
import { input, type Node, op, weight } from "./node";
import { type MakeStyles, styles } from "./styles";

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

/** What a network makes. */
export interface Restoration {
  /** (n, 3, outSize, outSize). */
  readonly output: Node;
  /** Every intermediate by its published name; joined() makes nodes of them. */
  readonly taps: Readonly<Record<string, Feature>>;
}

/** A face restored. */
export function gpen(config: GpenConfig, n: number): Restoration {
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
  // With one latent for all layers, styles are a linear layer like those before it.
  const linearStyles: MakeStyles = (rows) =>
    op(linear, "styles", { x: w, ...rows }, { activate: false });
  const { output, taps } = prior(config, linearStyles, noise);
  const encoded = Object.fromEntries(features.map((x, i) => [`ecd${i}`, { x }]));
  return { output, taps: { ...encoded, z: { x: z }, w: { x: w }, ...taps } };
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

/** From the constant 4 x 4 up: per resolution two styled convolutions and an RGB image. */
export function prior(
  config: GpenConfig,
  makeStyles: MakeStyles,
  noise: readonly Node[],
): Restoration {
  const style = styles(modulatedLayers(config), config.styleDim, makeStyles);
  const taps: Record<string, Feature> = {};
  const start = { x: weight("generator.input.input", [1, channels(config, 4), 4, 4]) };
  let feature = styledConv(config, "conv1", start, false, noise[0], style);
  let rgb = image("to_rgb1", feature, undefined, style);
  Object.assign(taps, { conv1: feature, rgb4: { x: rgb } });
  for (const [i, side] of resolutions(config.outSize).slice(1).entries()) {
    for (const j of [2 * i, 2 * i + 1]) {
      feature = styledConv(config, `convs.${j}`, feature, j % 2 === 0, noise[j + 1], style);
      taps[`convs.${j}`] = feature;
    }
    rgb = image(`to_rgbs.${i}`, feature, rgb, style);
    taps[`rgb${side}`] = { x: rgb };
  }
  return { output: rgb, taps };
}
