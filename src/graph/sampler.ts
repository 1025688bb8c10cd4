import { IMAGE, inputQuads, VECTOR } from "../kernels/layout";
import { mixLatents } from "../kernels/mix_latents";
import { styleVectors } from "../kernels/style_vectors";
import { type GpenConfig, latentCount } from "../weights/config";
import { prior, type Restoration } from "./gpen";
import { modulatedLayers, noiseShapes } from "./layer_table";
import { mapping } from "./layers";
import { constant, input, type Node, op } from "./node";
import type { MakeStyles } from "./styles";

/** The GAN prior alone: z and z2 (n, styleDim) through the mapping network, mixed and truncated. */
export function sampler(config: GpenConfig, n: number): Restoration {
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
  const layers = modulatedLayers(config);
  const latents = layers.flatMap(({ halves }, i) => {
    // A convolution's number, 0, 1, 2, ...; toRGB's styles are made from that of the next convolution.
    const which = layers.slice(0, i).filter(({ demodulate }) => demodulate).length;
    return Array<number>(inputQuads(halves)).fill(which);
  });
  const mixedStyles: MakeStyles = (rows) => {
    const latent = constant("styles.latent", [latents.length], latents);
    return op(styleVectors, "styles", { ws, ...rows, latent }, {});
  };
  return prior(config, mixedStyles, noise);
}

/** The mapped latent w of a z, for finding the prior's mean latent. */
export function mapper(config: GpenConfig, n: number): Node {
  return mapping(config, input("prior.z", [n, config.styleDim], VECTOR), "w");
}
