import type { NoiseAdd } from "../kernels/noise_add";
import { scaledLeakyRelu } from "./activation";
import type { Reference } from "./reference";

/** The plain twin of shaders/noise_add.wgsl; its contract is that of kernels/noise_add.ts. */
export const noiseAddReference: Reference<NoiseAdd> = (
  { x: [, c, h, w] },
  { x, e, e_activation },
) => {
  return x.map((v, i) => {
    const channel = Math.floor(i / (h * w)) % c;
    return scaledLeakyRelu(v + e_activation[0] * e[i] + e_activation[4 + channel]);
  });
};
