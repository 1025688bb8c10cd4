import { type Conv2d, conv2d } from "../src/kernels/conv2d";
import { type ModulatedConv3x3, modulatedConv3x3 } from "../src/kernels/modulated_conv3x3";
import { type ModulatedUpconv3x3, modulatedUpconv3x3 } from "../src/kernels/modulated_upconv3x3";
import { uniform } from "../src/random";
import { scaledLeakyRelu } from "../src/references/activation";
import { modulatedInput } from "../src/references/modulated_input";
import type { Shape } from "../src/tensor";

type Inputs = Readonly<Record<string, Float32Array>>;

/** The plain reference of chosen output elements, given by their index in natural order. */
export type SampledReference = (args: never, inputs: Inputs, samples: Uint32Array) => Float32Array;

/** By name of the kernel: those whose whole reference takes minutes at full size. */
export const SAMPLED: Readonly<Record<string, SampledReference>> = {
  conv2d: conv2dSampled,
  modulated_conv3x3: modulatedConv3x3Sampled,
  modulated_upconv3x3: modulatedUpconv3x3Sampled,
};

/**
 * Seeded indices into an output (n, c, h, w): all corners of eight channels, the first and the last
 * among them, then a quarter along the borders and the rest anywhere.
 */
export function sampleIndices([n, c, h, w]: Shape, count: number): Uint32Array {
  const next = uniform(1);
  const below = (limit: number) => Math.floor(next() * limit);
  const at = (channel: number, y: number, x: number) => ((below(n) * c + channel) * h + y) * w + x;
  const channels = [0, c - 1, ...Array.from({ length: 6 }, () => below(c))];
  const corners = channels.flatMap((channel) =>
    [0, h - 1].flatMap((y) => [0, w - 1].map((x) => at(channel, y, x))),
  );
  return Uint32Array.from({ length: count }, (_, i) => {
    if (i < corners.length) return corners[i];
    if (i % 8 === 0) return at(below(c), below(2) * (h - 1), below(w));
    if (i % 8 === 1) return at(below(c), below(h), below(2) * (w - 1));
    return at(below(c), below(h), below(w));
  });
}

/** Index in natural order to (sample, channel, row, column). */
function position(index: number, [, c, h, w]: Shape): [number, number, number, number] {
  const plane = Math.floor(index / (h * w));
  return [Math.floor(plane / c), plane % c, Math.floor(index / w) % h, index % w];
}

function conv2dSampled(args: Conv2d, { x, w, b }: Inputs, samples: Uint32Array): Float32Array {
  const shape = conv2d.outputShape(args);
  const { stride, pad, activate } = args;
  const [, cIn, hIn, wIn] = args.x;
  const k = args.w[2];
  return Float32Array.from(samples, (index) => {
    const [s, oc, oy, ox] = position(index, shape);
    let sum = b ? b[oc] : 0;
    for (let ic = 0; ic < cIn; ic++) {
      for (let ky = 0; ky < k; ky++) {
        for (let kx = 0; kx < k; kx++) {
          const iy = oy * stride + ky - pad;
          const ix = ox * stride + kx - pad;
          if (iy < 0 || iy >= hIn || ix < 0 || ix >= wIn) continue;
          const v = x[((s * cIn + ic) * hIn + iy) * wIn + ix];
          sum += v * w[((oc * cIn + ic) * k + ky) * k + kx];
        }
      }
    }
    return activate ? scaledLeakyRelu(sum) : sum;
  });
}

function modulatedConv3x3Sampled(args: ModulatedConv3x3, inputs: Inputs, samples: Uint32Array) {
  const shape = modulatedConv3x3.outputShape(args);
  const [n, , h, w] = shape;
  const y = conv2dSampled(
    { x: [n, args.w[1], h, w], w: args.w, stride: 1, pad: 1, activate: false },
    { x: modulatedInput(args, inputs), w: inputs.w },
    samples,
  );
  return y.map((sum, i) => {
    const [s, oc] = position(samples[i], shape);
    const v = sum * inputs.d[s * args.d[1] + args.dFirst + oc];
    return inputs.b ? scaledLeakyRelu(v + inputs.b[oc]) : v;
  });
}

function modulatedUpconv3x3Sampled(args: ModulatedUpconv3x3, inputs: Inputs, samples: Uint32Array) {
  const shape = modulatedUpconv3x3.outputShape(args);
  const [, , hIn, wIn] = args.x;
  const cIn = args.w[1];
  const x = modulatedInput(args, inputs);
  return Float32Array.from(samples, (index) => {
    const [s, oc, oy, ox] = position(index, shape);
    let sum = 0;
    for (let tap = 0; tap < 9; tap++) {
      const iy = (oy - Math.floor(tap / 3)) / 2;
      const ix = (ox - (tap % 3)) / 2;
      if (!Number.isInteger(iy) || !Number.isInteger(ix)) continue;
      if (iy < 0 || iy >= hIn || ix < 0 || ix >= wIn) continue;
      for (let ic = 0; ic < cIn; ic++) {
        const v = x[((s * cIn + ic) * hIn + iy) * wIn + ix];
        sum += v * inputs.w[(oc * cIn + ic) * 9 + tap];
      }
    }
    return sum * inputs.d[s * args.d[1] + args.dFirst + oc];
  });
}
