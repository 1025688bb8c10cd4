import { uniform } from "../random";
import { numel } from "../tensor";
import type { Checkpoint, StoredTensor } from "./checkpoint";
import type { GpenConfig } from "./config";
import { firTaps } from "./fir_taps";
import { type ModelKind, type Parameter, parameters } from "./parameters";

/**
 * A checkpoint of random weights for any configuration, made as it is read: the same seed gives the
 * same numbers on every machine. No parameter is left at its neutral value, so that a layer that is
 * left out, or a bias that is not added, shows in the output.
 */
export function randomCheckpoint(kind: ModelKind, config: GpenConfig, seed: number): Checkpoint {
  const tensors = new Map<string, StoredTensor>();
  for (const [i, entry] of parameters(kind, config).entries()) {
    tensors.set(entry.key, {
      shape: entry.shape,
      dtype: "F32",
      folded: 1,
      read: async () => values(entry, seed * 65_537 + i),
    });
  }
  const metadata = new Map([
    ["gpen.noise", config.noise],
    ["gpen.normalise", String(config.normalise)],
    ["gpen.channel_multiplier", String(config.channelMultiplier)],
    ["gpen.narrow", String(config.narrow)],
  ]);
  return { format: "safetensors", tensors, metadata };
}

/** Weights of variance 1 as the published layout has them before equalisation, biases of 0.1. */
function values({ key, shape, role }: Parameter, seed: number): Float32Array {
  if (role === "fir") return Float32Array.from(firTaps(key));
  const next = uniform(seed);
  if (role === "noise") return Float32Array.of(0.2 + 0.8 * next());
  const spread = role === "bias" ? 0.1 : key.startsWith("generator.style.") ? 100 : 1;
  const centre = key.endsWith("modulation.bias") ? 1 : 0;
  // A uniform distribution of standard deviation 1: cheap, as there are up to 71 million numbers.
  const width = 2 * Math.sqrt(3) * spread;
  const numbers = new Float32Array(numel(shape));
  for (let i = 0; i < numbers.length; i++) numbers[i] = centre + width * (next() - 0.5);
  return numbers;
}
