import { samePad } from "../kernels/conv_same";
import { type DepthwiseConv, depthwiseConv } from "../kernels/depthwise_conv";
import type { Reference } from "./reference";

/** The plain twin of shaders/depthwise_conv.wgsl; its contract is that of kernels/depthwise_conv.ts. */
export const depthwiseConvReference: Reference<DepthwiseConv> = (args, { x, w, b }) => {
  const { stride, relu } = args;
  const [n, c, h, wOut] = depthwiseConv.outputShape(args);
  const [, , hIn, wIn] = args.x;
  const k = args.w[2];
  const [padY, padX] = [samePad(hIn, k, stride), samePad(wIn, k, stride)];
  const y = new Float32Array(n * c * h * wOut);
  for (let i = 0; i < y.length; i++) {
    const [ox, oy, plane] = [i % wOut, Math.floor(i / wOut) % h, Math.floor(i / (h * wOut))];
    let sum = b ? b[plane % c] : 0;
    for (let j = 0; j < k * k; j++) {
      const iy = oy * stride + Math.floor(j / k) - padY;
      const ix = ox * stride + (j % k) - padX;
      if (iy < 0 || iy >= hIn || ix < 0 || ix >= wIn) continue;
      const v = x[(plane * hIn + iy) * wIn + ix];
      sum += (relu ? Math.max(v, 0) : v) * w[(plane % c) * k * k + j];
    }
    y[i] = sum;
  }
  return y;
};
