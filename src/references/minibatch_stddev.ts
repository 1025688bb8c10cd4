import type { MinibatchStddev } from "../kernels/minibatch_stddev";
import type { Reference } from "./reference";

/** The plain twin of shaders/minibatch_stddev.wgsl; its contract is that of kernels/minibatch_stddev.ts. */
export const minibatchStddevReference: Reference<MinibatchStddev> = (
  { x: [n, c, h, w] },
  { x },
) => {
  const size = c * h * w;
  let sum = 0;
  for (let i = 0; i < size; i++) {
    let mean = 0;
    for (let s = 0; s < n; s++) mean += x[s * size + i] / n;
    let variance = 0;
    for (let s = 0; s < n; s++) variance += (x[s * size + i] - mean) ** 2 / n;
    sum += Math.sqrt(variance + 1e-8);
  }
  const y = new Float32Array(n * (size + h * w)).fill(sum / size);
  for (let s = 0; s < n; s++) y.set(x.subarray(s * size, (s + 1) * size), s * (size + h * w));
  return y;
};
