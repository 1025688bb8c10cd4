import { channels, type GpenConfig, resolutions } from "../../src/weights/config";
import { firUpsample2 } from "./fir";
import type { Edge } from "./graph";
import { activated, type Place, parameter, under } from "./layers";
import { modulatedConv } from "./modulated_conv";

/**
 * The GAN prior, level by level from 4 px: one styled convolution there, two on every level above,
 * and the pictures of all levels added up.
 *
 * Shapes    latents (1, layers, styleDim), features of the encoder from the full resolution to 4 px
 */
export function prior(
  outer: Place,
  latents: Edge,
  features: readonly Edge[],
  config: GpenConfig,
): Edge {
  const place = under(outer, "generator");
  const latent = latentReader(place, latents);
  const convAt = (key: string, side: number, x: Edge, layer: number, up = false) => {
    const noise = features.at(1 - Math.log2(side))!;
    const sizes = { cOut: channels(config, side), up, noise: config.noise };
    return styledConv(under(place, key), key, x, latent(layer), noise, sizes);
  };
  let x = convAt("conv1", 4, constantInput(place, config), 0);
  let picture = toRgb(under(place, "to_rgb1"), "to_rgb1", x, latent(1));
  for (const [i, side] of resolutions(config.outSize).slice(1).entries()) {
    x = convAt(`convs.${2 * i}`, side, x, 2 * i + 1, true);
    x = convAt(`convs.${2 * i + 1}`, side, x, 2 * i + 2);
    const key = `to_rgbs.${i}`;
    const level = under(place, key);
    const own = toRgb(level, key, x, latent(2 * i + 3));
    const below = firUpsample2(level.graph, picture, place.pattern);
    picture = level.graph.add("Add", [own, below], own.shape);
  }
  return picture;
}

/** The latent of a layer; one of a level and the first convolution above share theirs. */
function latentReader({ graph }: Place, latents: Edge): (layer: number) => Edge {
  const taken = new Map<number, Edge>();
  const [n, , styleDim] = latents.shape;
  return (layer) => {
    const latent =
      taken.get(layer) ??
      graph.add("Gather", [latents, graph.index(layer)], [n, styleDim], { axis: 1 });
    taken.set(layer, latent);
    return latent;
  };
}

function constantInput(place: Place, config: GpenConfig): Edge {
  const { graph } = place;
  const stored = parameter(place, "generator.input.input", [1, channels(config, 4), 4, 4]);
  return graph.add("Expand", [stored, graph.integers(stored.shape)], stored.shape);
}

interface StyledSizes {
  readonly cOut: number;
  readonly up: boolean;
  readonly noise: GpenConfig["noise"];
}

/** Modulated convolution, the encoder's feature as noise, bias and activation. */
function styledConv(
  place: Place,
  key: string,
  x: Edge,
  latent: Edge,
  feature: Edge,
  { cOut, up, noise }: StyledSizes,
): Edge {
  const name = `generator.${key}`;
  const y = modulatedConv(under(place, "conv"), x, latent, {
    key: `${name}.conv`,
    cOut,
    k: 3,
    demodulate: true,
    up,
  });
  const noisy = noise === "none" ? y : withNoise(place, y, feature, name, noise);
  const bias = parameter(place, `${name}.activate.bias`, [1, noisy.shape[1], 1, 1]);
  return activated(place, noisy, bias);
}

function withNoise(
  place: Place,
  y: Edge,
  feature: Edge,
  name: string,
  noise: "concat" | "add",
): Edge {
  const { graph } = place;
  const weight = parameter(place, `${name}.noise.weight`, [1]);
  const scaled = graph.add("Mul", [weight, feature], feature.shape);
  if (noise === "add") return graph.add("Add", [y, scaled], y.shape);
  const [n, c, h, w] = y.shape;
  return graph.add("Concat", [y, scaled], [n, c + feature.shape[1], h, w], { axis: 1 });
}

function toRgb(place: Place, key: string, x: Edge, latent: Edge): Edge {
  const name = `generator.${key}`;
  const y = modulatedConv(under(place, "conv"), x, latent, {
    key: `${name}.conv`,
    cOut: 3,
    k: 1,
    demodulate: false,
    up: false,
  });
  return place.graph.add("Add", [y, parameter(place, `${name}.bias`, [1, 3, 1, 1])], y.shape);
}
