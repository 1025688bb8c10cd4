import { type NoiseConcat, noiseConcat } from "../kernels/noise_concat";
import { noiseHalf } from "./activation";
import type { Reference } from "./reference";

/** The plain twin of shaders/noise_concat.wgsl; its contract is that of kernels/noise_concat.ts. */
export const noiseConcatReference: Reference<NoiseConcat> = (args, { x, e, e_activation }) => {
  const [n, c, h, w] = noiseConcat.outputShape(args);
  const cX = args.x[1];
  const cE = args.e[1];
  const y = new Float32Array(n * c * h * w);
  for (let i = 0; i < y.length; i++) {
    const pixel = i % (h * w);
    const channel = Math.floor(i / (h * w)) % c;
    const sample = Math.floor(i / (h * w * c));
    y[i] =
      channel < cX
        ? x[(sample * cX + channel) * h * w + pixel]
        : noiseHalf(e[(sample * cE + channel - cX) * h * w + pixel], e_activation, channel - cX);
  }
  return y;
};
