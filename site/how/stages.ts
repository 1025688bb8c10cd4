import { modulatedLayers } from "../../src/graph/layer_table";
import { channels, type GpenConfig, resolutions } from "../../src/weights/config";

/** One picture of the diagram: an intermediate of the network, by its published name. */
export interface Stage {
  readonly id: string;
  readonly kind: "maps" | "picture" | "vector";
  readonly title: string;
  readonly shape: string;
  /** What happens there, in a sentence or two. */
  readonly text: string;
  readonly column: "down" | "up" | "rgb" | "latent";
  /** Side of the feature maps, which is also the row that it stands in. */
  readonly side: number;
}

const square = (side: number, c: number) => `${side} × ${side} × ${c}`;

/** All stages in the order of the data: down the encoder, through the latent, up the prior. */
export function stagesOf(config: GpenConfig): Stage[] {
  return [...encoder(config), ...latent(config), ...prior(config)];
}

function encoder(config: GpenConfig): Stage[] {
  const sides = resolutions(config.inSize).reverse();
  const maps = sides.map((side, i): Stage => {
    const text =
      i === 0
        ? "A 1 × 1 convolution turns three colours into feature maps of full size. The last layers of the prior get them beside their own: that is where fine detail of the photo survives."
        : `Blurred with a 4 × 4 filter, so that nothing aliases, then a 3 × 3 convolution of stride 2: ${2 * side} px become ${side}. The prior gets these maps at ${side} px.`;
    const shape = square(side, channels(config, side));
    return { id: `ecd${i}`, kind: "maps", title: `ecd${i}`, shape, text, column: "down", side };
  });
  const input: Stage = {
    id: "input",
    kind: "picture",
    title: "Input",
    shape: square(config.inSize, 3),
    text: "The face as it goes in: cut out of the photo, turned upright, scaled so that eyes and mouth lie where the model expects them.",
    column: "down",
    side: 2 * config.inSize,
  };
  return [input, ...maps];
}

function latent(config: GpenConfig): Stage[] {
  const { styleDim, nMlp } = config;
  const from = 16 * channels(config, 4);
  return [
    {
      id: "z",
      kind: "vector",
      title: "FC head → z",
      shape: `${from} → ${styleDim}`,
      text: `One fully connected layer makes ${styleDim} numbers of the last ${from}: where among all faces this one lies. StyleGAN2 draws them at random; GPEN reads them off the photo.`,
      column: "latent",
      side: 2,
    },
    {
      id: "w",
      kind: "vector",
      title: "Mapping → w",
      shape: `${styleDim} → ${styleDim}`,
      text: `${nMlp} fully connected layers turn z into w. From w every layer of the prior gets its style s = A w + b, one factor per channel of what it reads. It steers ${modulatedLayers(config).length} of them, the toRGBs included.`,
      column: "latent",
      side: 2,
    },
  ];
}

function prior(config: GpenConfig): Stage[] {
  return resolutions(config.outSize).flatMap((side, i) => {
    const c = channels(config, side);
    const layer = (name: string, text: string): Stage => {
      const joined = config.noise === "concat" ? `${c} + ${c}` : `${c}`;
      const shape = `${side} × ${side} × (${joined})`;
      return { id: name, kind: "maps", title: name, shape, text, column: "up", side };
    };
    const first =
      i === 0
        ? [
            layer(
              "conv1",
              "The prior starts from a constant that was learned, the same for every face. Channels are scaled by the style, convolved, scaled back; then the encoder's maps are laid beside them, where StyleGAN2 adds noise.",
            ),
          ]
        : [
            layer(
              `convs.${2 * i - 2}`,
              `A transposed convolution doubles the size to ${side} px, a blur smooths it. The style says how much each channel counts, the encoder's maps of ${side} px are laid beside the result.`,
            ),
            layer(
              `convs.${2 * i - 1}`,
              `A 3 × 3 convolution over all maps of ${side} px, those from below and those of the encoder, each channel scaled by its style.`,
            ),
          ];
    return [...first, picture(config, side)];
  });
}

function picture(config: GpenConfig, side: number): Stage {
  const last = side === config.outSize;
  const text =
    side === 4
      ? "toRGB: a weighted sum of the maps gives the first picture, of 4 × 4 pixels."
      : `toRGB: what these maps add to the picture of ${side / 2} px, enlarged to ${side}.${last ? " This is the result." : ""}`;
  const title = last ? "Output" : `rgb${side}`;
  return {
    id: `rgb${side}`,
    kind: "picture",
    title,
    shape: square(side, 3),
    text,
    column: "rgb",
    side,
  };
}
