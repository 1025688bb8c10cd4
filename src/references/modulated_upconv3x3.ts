import { type ModulatedUpconv3x3, modulatedUpconv3x3 } from "../kernels/modulated_upconv3x3";
import { modulatedInput } from "./modulated_input";
import type { Reference } from "./reference";
import { transposedReference } from "./transposed";

/** The plain twin of shaders/modulated_upconv3x3.wgsl; its contract is that of kernels/modulated_upconv3x3.ts. */
export const modulatedUpconv3x3Reference: Reference<ModulatedUpconv3x3> = (args, inputs) => {
  const [n, cOut, h, w] = modulatedUpconv3x3.outputShape(args);
  const x = [n, args.w[1], args.x[2], args.x[3]];
  const y = transposedReference({ x, w: args.w }, modulatedInput(args, inputs), inputs.w);
  for (let i = 0; i < y.length; i++) {
    const channel = Math.floor(i / (h * w)) % cOut;
    const sample = Math.floor(i / (h * w * cOut));
    y[i] *= inputs.d[sample * args.d[1] + args.dFirst + channel];
  }
  return y;
};
