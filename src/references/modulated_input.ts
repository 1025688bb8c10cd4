import { paddedChannels } from "../kernels/layout";
import { halves, type ModulatedInput } from "../kernels/modulation";
import { noiseHalf } from "./activation";

/** The concatenated, activated, style-scaled input (n, cX + cE, h, w), for the references. */
export function modulatedInput(
  args: ModulatedInput,
  inputs: Readonly<Record<string, Float32Array>>,
): Float32Array {
  const [samples, cX, h, w] = args.x;
  const n = args.s[0];
  const cE = args.e ? args.e[1] : 0;
  const scaled = new Float32Array(n * (cX + cE) * h * w);
  const slots = paddedChannels(halves(args));
  let i = 0;
  for (let sample = 0; sample < n; sample++) {
    for (let c = 0; c < cX + cE; c++) {
      const style = inputs.s[sample * args.s[1] + args.sFirst + slots[c]];
      const plane = c < cX ? (samples === 1 ? 0 : sample) * cX + c : sample * cE + c - cX;
      for (let p = 0; p < h * w; p++) {
        const v =
          c < cX
            ? inputs.x[plane * h * w + p]
            : noiseHalf(inputs.e[plane * h * w + p], inputs.e_activation, c - cX);
        scaled[i++] = style * v;
      }
    }
  }
  return scaled;
}
