import { type ToRgb, toRgb } from "../kernels/to_rgb";
import { modulatedInput } from "./modulated_input";
import type { Reference } from "./reference";

/** The plain twin of shaders/to_rgb.wgsl; its contract is that of kernels/to_rgb.ts. */
export const toRgbReference: Reference<ToRgb> = (args, inputs) => {
  const [n, , h, w] = toRgb.outputShape(args);
  const cIn = args.w[1];
  const x = modulatedInput(args, inputs);
  const y = new Float32Array(n * 3 * h * w);
  for (let i = 0; i < y.length; i++) {
    const pixel = i % (h * w);
    const channel = Math.floor(i / (h * w)) % 3;
    const sample = Math.floor(i / (3 * h * w));
    let sum = inputs.b[channel];
    for (let ic = 0; ic < cIn; ic++) {
      sum += x[(sample * cIn + ic) * h * w + pixel] * inputs.w[channel * cIn + ic];
    }
    y[i] = sum + (args.skip ? upsampled(inputs.skip, sample * 3 + channel, pixel, h, w) : 0);
  }
  return y;
};

/** One pixel of zero insertion by 2 and the [1, 3, 3, 1] filter with gain 4 and padding (2, 1). */
function upsampled(skip: Float32Array, plane: number, pixel: number, h: number, w: number): number {
  const taps = [1, 3, 3, 1];
  let sum = 0;
  for (let ky = 0; ky < 4; ky++) {
    for (let kx = 0; kx < 4; kx++) {
      const iy = Math.floor(pixel / w) + ky - 2;
      const ix = (pixel % w) + kx - 2;
      if (iy < 0 || iy >= h || ix < 0 || ix >= w || iy % 2 || ix % 2) continue;
      sum += ((taps[ky] * taps[kx]) / 16) * skip[((plane * h) / 2 + iy / 2) * (w / 2) + ix / 2];
    }
  }
  return sum;
}
