import { conv2d } from "../kernels/conv2d";
import { fir } from "../kernels/fir";
import { flatten } from "../kernels/flatten";
import { IMAGE } from "../kernels/layout";
import { linear } from "../kernels/linear";
import { channels, type GpenConfig, resolutions } from "../weights/config";
import { modulatedLayers, noiseShapes } from "./layer_table";
import { type Feature, fullyConnected, image, mapping, styledConv } from "./layers";
import { input, type Node, type OpNode, op, weight } from "./node";
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
  const last = op(flatten, "flatten", { x: features[features.length - 1] }, {});
  const z = fullyConnected("z", last, "final_linear.0", config.styleDim);
  const w = mapping(config, z, "w");
  const bySide = new Map(features.map((feature) => [feature.shape[2], feature]));
  // The full size is needed at both ends of the network, and is cheap to make: made twice, it is not
  // kept meanwhile, which at 512 px saves 67 MB of activations for 50 of 137,000 MMAC.
  bySide.set(config.inSize, { ...features[0], name: "ecd0.again" });
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
function encoder(config: GpenConfig, face: Node): OpNode[] {
  const features: OpNode[] = [];
  for (const [i, side] of resolutions(config.inSize).reverse().entries()) {
    const x = features[i - 1] ?? face;
    const name = `ecd${i}`;
    const c = channels(config, side);
    const blur = { pad: { before: 2, after: 2 }, stride: 1, gain: 1 } as const;
    // Behind the first, tensors are numbered one higher: the blur's taps come before them.
    const [first, k, stride] = i ? ([1, 3, 2] as const) : ([0, 1, 1] as const);
    features.push(
      op(
        conv2d,
        name,
        {
          x: i ? op(fir, `${name}.blur`, { x }, blur) : x,
          w: weight(`${name}.0.${first}.weight`, [c, x.shape[1], k, k]),
          b: weight(`${name}.0.${first + 1}.bias`, [c]),
        },
        { stride, pad: 0, activate: true },
      ),
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
  const layers = modulatedLayers(config);
  const style = styles(layers, config.styleDim, makeStyles);
  const taps: Record<string, Feature> = {};
  const left = [...noise];
  let feature: Feature = { x: weight("generator.input.input", [1, channels(config, 4), 4, 4]) };
  let rgb: OpNode | undefined;
  for (const { name, demodulate } of layers) {
    if (demodulate) {
      feature = styledConv(config, name, feature, left.shift()!, style.get(name)!);
      taps[name] = feature;
    } else {
      rgb = image(name, feature, rgb, style.get(name)!);
      taps[rgb.name] = { x: rgb };
    }
  }
  return { output: rgb!, taps };
}
