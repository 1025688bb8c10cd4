import type { Shape } from "../tensor";
import { channels, type GpenConfig, resolutions } from "../weights/config";
import type { ModulatedLayer } from "./styles";

/** (n, c, side, side) of every noise map: one at 4 px, two at every resolution above. */
export function noiseShapes(config: GpenConfig, n: number): Shape[] {
  return resolutions(config.outSize).flatMap((side) => {
    const maps = Array<Shape>(side === 4 ? 1 : 2);
    return maps.fill([n, channels(config, side), side, side]);
  });
}

/** Every modulated layer of the prior, in its order: per resolution convolutions, then toRGB. */
export function modulatedLayers(config: GpenConfig): ModulatedLayer[] {
  const halves = (side: number) =>
    Array<number>(config.noise === "concat" ? 2 : 1).fill(channels(config, side));
  return resolutions(config.outSize).flatMap((side, i) => {
    const cOut = channels(config, side);
    const conv = (name: string, halves: number[]) => ({ name, halves, cOut, demodulate: true });
    const toRgb = (name: string) => ({ name, halves: halves(side), cOut: 3, demodulate: false });
    return i === 0
      ? [conv("conv1", [cOut]), toRgb("to_rgb1")]
      : [
          conv(`convs.${2 * i - 2}`, halves(side / 2)),
          conv(`convs.${2 * i - 1}`, halves(side)),
          toRgb(`to_rgbs.${i - 1}`),
        ];
  });
}
