import { type Fir, fir } from "../kernels/fir";
import { scaledLeakyRelu } from "./activation";
import type { Reference } from "./reference";

/** The plain twin of shaders/fir.wgsl; its contract is that of kernels/fir.ts. */
export const firReference: Reference<Fir> = (args, { x, b }) => {
  const taps = [1, 3, 3, 1];
  const [n, c, h, w] = fir.outputShape(args);
  const [, , hIn, wIn] = args.x;
  const y = new Float32Array(n * c * h * w);
  let i = 0;
  for (let plane = 0; plane < n * c; plane++) {
    for (let oy = 0; oy < h; oy++) {
      for (let ox = 0; ox < w; ox++) {
        let sum = 0;
        for (let ky = 0; ky < 4; ky++) {
          for (let kx = 0; kx < 4; kx++) {
            const iy = oy * args.stride + ky - args.pad.before;
            const ix = ox * args.stride + kx - args.pad.before;
            if (iy < 0 || iy >= hIn || ix < 0 || ix >= wIn) continue;
            sum += ((taps[ky] * taps[kx] * args.gain) / 64) * x[(plane * hIn + iy) * wIn + ix];
          }
        }
        y[i++] = b ? scaledLeakyRelu(sum + b[plane % c]) : sum;
      }
    }
  }
  return y;
};
