import { type ConvTile, convTile, readable, splitQuads } from "../kernels/conv_tile";
import { paddedChannels } from "../kernels/layout";
import { halves } from "../kernels/modulation";
import type { Reference } from "./reference";
import { referenceOf } from "./references";

/** The plain twin of shaders/conv_tile.wgsl; its contract is that of kernels/conv_tile.ts. */
export const convTileReference: Reference<ConvTile> = (args, inputs) => {
  const { splits = 1 } = args;
  if (splits === 1) return referenceOf(readable(args))(args, inputs);
  const [n, channels, h, w] = convTile.outputShape(args);
  const size = (channels / splits) * h * w;
  const y = new Float32Array(n * splits * size);
  for (let split = 0; split < splits; split++) {
    const part = referenceOf(readable(args))(args, {
      ...inputs,
      w: weightsOf(split, args, inputs.w),
    });
    for (let sample = 0; sample < n; sample++) {
      y.set(part.subarray(sample * size, (sample + 1) * size), (sample * splits + split) * size);
    }
  }
  return y;
};

/** The weights, zero where another split has the input. */
function weightsOf(split: number, args: ConvTile, w: Float32Array): Float32Array {
  const slots = paddedChannels(halves(args));
  const perSplit = 4 * splitQuads(args);
  return w.map((v, i) =>
    Math.floor(slots[Math.floor(i / args.w[2] ** 2) % slots.length] / perSplit) === split ? v : 0,
  );
}
