import { numel } from "../tensor";
import { channels, type GpenConfig, resolutions } from "./config";
import {
  convLayer,
  downLayer,
  fullyConnected,
  generatorParameters,
  gpenParameters,
  type Parameter,
} from "./gpen_parameters";

export type { Parameter } from "./gpen_parameters";

/** What a checkpoint file holds: the whole network, the GAN prior alone, or the discriminator. */
export type ModelKind = "gpen" | "prior" | "discriminator";

/** Every tensor that a published checkpoint of this kind and configuration holds, in file order. */
export function parameters(kind: ModelKind, config: GpenConfig): Parameter[] {
  if (kind === "discriminator") return discriminatorParameters(config);
  return kind === "prior" ? generatorParameters(config) : gpenParameters(config);
}

function discriminatorParameters(config: GpenConfig): Parameter[] {
  const sides = resolutions(config.outSize).reverse();
  const c4 = channels(config, 4);
  return [
    ...convLayer("convs.0", 3, channels(config, sides[0]), 1),
    ...sides.slice(1).flatMap((side, i) => {
      const [cIn, cOut] = [channels(config, sides[i]), channels(config, side)];
      return [
        ...convLayer(`convs.${i + 1}.conv1`, cIn, cIn, 3),
        ...downLayer(`convs.${i + 1}.conv2`, cIn, cOut, 3),
        ...downLayer(`convs.${i + 1}.skip`, cIn, cOut, 1).slice(0, 2),
      ];
    }),
    ...convLayer("final_conv", c4 + 1, c4, 3),
    ...fullyConnected("final_linear.0", c4 * 16, c4),
    ...fullyConnected("final_linear.1", c4, 1),
  ];
}

/** Numbers that training would change: all but the FIR taps. */
export function parameterCount(kind: ModelKind, config: GpenConfig): number {
  return parameters(kind, config)
    .filter(({ role }) => role !== "fir")
    .reduce((sum, { shape }) => sum + numel(shape), 0);
}
