import type { SumParts } from "../kernels/sum_parts";
import { scaledLeakyRelu } from "./activation";
import type { Reference } from "./reference";

/** The plain twin of shaders/sum_parts.wgsl; its contract is that of kernels/sum_parts.ts. */
export const sumPartsReference: Reference<SumParts> = ({ x, b, parts, activate }, inputs) => {
  const size = (x[1] / parts) * x[2] * x[3];
  const y = new Float32Array(x[0] * size);
  for (let i = 0; i < y.length; i++) {
    const first = Math.floor(i / size) * parts * size + (i % size);
    let sum = b ? inputs.b[Math.floor((i % size) / (x[2] * x[3]))] : 0;
    for (let part = 0; part < parts; part++) sum += inputs.x[first + part * size];
    y[i] = activate ? scaledLeakyRelu(sum) : sum;
  }
  return y;
};
