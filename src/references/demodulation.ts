import type { Demodulation } from "../kernels/demodulation";
import type { Reference } from "./reference";

/** The plain twin of shaders/demodulation.wgsl; its contract is that of kernels/demodulation.ts. */
export const demodulationReference: Reference<Demodulation> = (
  { s: [n, width], rows: [outQuads], styles },
  { s, wsq, rows },
) => {
  const y = new Float32Array(n * outQuads * 4);
  for (let i = 0; i < y.length; i++) {
    const sample = Math.floor(i / (4 * outQuads));
    const [first, count, wsqFirst, layer] = rows.subarray(4 * ((i >> 2) % outQuads));
    const magnitude = s[sample * width + styles + layer];
    let sum = 1e-8 / magnitude ** 2;
    for (let j = 0; j < 4 * count; j++) {
      const weight = wsq[4 * (wsqFirst + 4 * (j >> 2) + (i & 3)) + (j & 3)];
      sum += s[sample * width + 4 * first + j] ** 2 * weight;
    }
    y[i] = 1 / Math.sqrt(sum);
  }
  return y;
};
