import { quads } from "../kernels/kernel";
import { OUTPUT, POSITIONS, TILE } from "../kernels/winograd";
import type { WinogradOutput } from "../kernels/winograd_output";
import { scaledLeakyRelu } from "./activation";
import type { Reference } from "./reference";

/** The plain twin of shaders/winograd_output.wgsl; its contract is that of kernels/winograd_output.ts. */
export const winogradOutputReference: Reference<WinogradOutput> = (args, inputs) => {
  const { cOut, h, width, d, dFirst = 0 } = args;
  const [n, c, rows, columns] = args.x;
  const y = new Float32Array(n * cOut * h * width);
  for (let i = 0; i < y.length; i++) {
    const [ox, oy] = [i % width, Math.floor(i / width) % h];
    const channel = Math.floor(i / (h * width)) % cOut;
    const sample = Math.floor(i / (h * width * cOut));
    const tile = Math.floor(oy / TILE) * columns + Math.floor(ox / TILE);
    let sum = 0;
    for (let p = 0; p < POSITIONS; p++) {
      const product = sample * c + p * 4 * quads(cOut) + channel;
      const factor = OUTPUT[oy % TILE][Math.floor(p / 6)] * OUTPUT[ox % TILE][p % 6];
      sum += factor * inputs.x[product * rows * columns + tile];
    }
    if (d) sum *= inputs.d[sample * d[1] + dFirst + channel];
    if (args.b) sum += inputs.b[channel];
    y[i] = args.activate ? scaledLeakyRelu(sum) : sum;
  }
  return y;
};
