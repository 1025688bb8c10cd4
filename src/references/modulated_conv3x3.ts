import { type ModulatedConv3x3, modulatedConv3x3 } from "../kernels/modulated_conv3x3";
import { scaledLeakyRelu } from "./activation";
import { conv2dReference } from "./conv2d";
import { modulatedInput } from "./modulated_input";
import type { Reference } from "./reference";

/** The plain twin of shaders/modulated_conv3x3.wgsl; its contract is that of kernels/modulated_conv3x3.ts. */
export const modulatedConv3x3Reference: Reference<ModulatedConv3x3> = (args, inputs) => {
  const [n, cOut, h, w] = modulatedConv3x3.outputShape(args);
  const x = [n, args.w[1], h, w];
  const y = conv2dReference(
    { x, w: args.w, stride: 1, pad: 1, activate: false },
    { x: modulatedInput(args, inputs), w: inputs.w },
  );
  for (let i = 0; i < y.length; i++) {
    const channel = Math.floor(i / (h * w)) % cOut;
    const sample = Math.floor(i / (h * w * cOut));
    y[i] *= inputs.d[sample * args.d[1] + args.dFirst + channel];
    if (inputs.b) y[i] = scaledLeakyRelu(y[i] + inputs.b[channel]);
  }
  return y;
};
