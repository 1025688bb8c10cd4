import { channels, type GpenConfig, resolutions } from "../weights/config";
import type { ModulatedLayer } from "./styles";

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
