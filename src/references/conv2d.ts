import { type Conv2d, conv2d } from "../kernels/conv2d";
import { scaledLeakyRelu } from "./activation";
import type { Reference } from "./reference";

/** The plain twin of shaders/conv2d.wgsl; its contract is that of kernels/conv2d.ts. */
export const conv2dReference: Reference<Conv2d> = (args, { x, w, b }) => {
  const { stride, pad, activate } = args;
  const [n, cOut, h, wOut] = conv2d.outputShape(args);
  const [, cIn, hIn, wIn] = args.x;
  const k = args.w[2];
  const y = new Float32Array(n * cOut * h * wOut);
  let i = 0;
  for (let s = 0; s < n; s++) {
    for (let oc = 0; oc < cOut; oc++) {
      for (let oy = 0; oy < h; oy++) {
        for (let ox = 0; ox < wOut; ox++) {
          let sum = b ? b[oc] : 0;
          for (let ic = 0; ic < cIn; ic++) {
            for (let ky = 0; ky < k; ky++) {
              for (let kx = 0; kx < k; kx++) {
                const iy = oy * stride + ky - pad;
                const ix = ox * stride + kx - pad;
                if (iy < 0 || iy >= hIn || ix < 0 || ix >= wIn) continue;
                sum +=
                  x[((s * cIn + ic) * hIn + iy) * wIn + ix] *
                  w[((oc * cIn + ic) * k + ky) * k + kx];
              }
            }
          }
          y[i++] = activate ? scaledLeakyRelu(sum) : sum;
        }
      }
    }
  }
  return y;
};
