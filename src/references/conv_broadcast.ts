import { type ConvBroadcast, convBroadcast } from "../kernels/conv_broadcast";
import { scaledLeakyRelu } from "./activation";
import { conv2dReference } from "./conv2d";
import type { Reference } from "./reference";
import { transposedReference } from "./transposed";

/** The plain twin of shaders/conv_broadcast.wgsl; its contract is that of kernels/conv_broadcast.ts. */
export const convBroadcastReference: Reference<ConvBroadcast> = (args, inputs) => {
  const [, cOut, h, w] = convBroadcast.outputShape(args);
  const y = args.transposed
    ? transposedReference(args, inputs.x, inputs.w)
    : conv2dReference({ ...args, b: undefined, activate: false }, { x: inputs.x, w: inputs.w });
  for (let i = 0; i < y.length; i++) {
    const channel = Math.floor(i / (h * w)) % cOut;
    const sample = Math.floor(i / (h * w * cOut));
    if (args.d) y[i] *= inputs.d[sample * args.d[1] + (args.dFirst ?? 0) + channel];
    if (args.b) y[i] += inputs.b[channel];
    if (args.activate) y[i] = scaledLeakyRelu(y[i]);
  }
  return y;
};
