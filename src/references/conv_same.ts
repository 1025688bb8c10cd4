import { type ConvSame, convSame, samePad } from "../kernels/conv_same";
import type { Reference } from "./reference";

/** The plain twin of shaders/conv_same.wgsl; its contract is that of kernels/conv_same.ts. */
export const convSameReference: Reference<ConvSame> = (args, { x, w, b, skip }) => {
  const { stride, relu } = args;
  const [n, cOut, h, wOut] = convSame.outputShape(args);
  const [, cIn, hIn, wIn] = args.x;
  const k = args.w[2];
  const [padY, padX] = [samePad(hIn, k, stride), samePad(wIn, k, stride)];
  const y = new Float32Array(n * cOut * h * wOut);
  for (let i = 0; i < y.length; i++) {
    const [ox, oy] = [i % wOut, Math.floor(i / wOut) % h];
    const [oc, s] = [Math.floor(i / (h * wOut)) % cOut, Math.floor(i / (cOut * h * wOut))];
    let sum = b[oc];
    for (let j = 0; j < cIn * k * k; j++) {
      const iy = oy * stride + (Math.floor(j / k) % k) - padY;
      const ix = ox * stride + (j % k) - padX;
      if (iy < 0 || iy >= hIn || ix < 0 || ix >= wIn) continue;
      const ic = Math.floor(j / (k * k));
      sum += x[((s * cIn + ic) * hIn + iy) * wIn + ix] * w[oc * cIn * k * k + j];
    }
    if (args.skip && oc < args.skip[1]) {
      const [, cSkip, hSkip, wSkip] = args.skip;
      const scale = hSkip / h;
      const row = ((s * cSkip + oc) * hSkip + oy * scale) * wSkip + ox * scale;
      const all = scale === 1 ? [row] : [row, row + 1, row + wSkip, row + wSkip + 1];
      sum += Math.max(...all.map((at) => skip[at]));
    }
    y[i] = relu ? Math.max(sum, 0) : sum;
  }
  return y;
};
