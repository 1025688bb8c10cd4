import type { Demodulation } from "../kernels/demodulation";
import type { Reference } from "./reference";

/** The plain twin of shaders/demodulation.wgsl; its contract is that of kernels/demodulation.ts. */
export const demodulationReference: Reference<Demodulation> = (
  { s: [n, m], rows: [outQuads], styles },
  { s, wsq, rows },
) => {
  const width = styles + 4 * outQuads;
  const y = new Float32Array(n * width);
  for (let i = 0; i < n * outQuads; i++) {
    const [sample, oq] = [Math.floor(i / outQuads), i % outQuads];
    const [first, count, wsqFirst] = rows.subarray(4 * oq);
    const raw = s.subarray(sample * m + 4 * first, sample * m + 4 * (first + count));
    const magnitude = raw.reduce((max, v) => Math.max(max, Math.abs(v)), 0) || 1;
    const normalised = raw.map((v) => v / magnitude);
    y.set(normalised, sample * width + 4 * first);
    for (let o = 0; o < 4; o++) {
      let sum = 1e-8 / magnitude ** 2;
      for (const [j, v] of normalised.entries())
        sum += v ** 2 * wsq[4 * (wsqFirst + 4 * (j >> 2) + o) + (j & 3)];
      y[sample * width + styles + 4 * oq + o] = 1 / Math.sqrt(sum);
    }
  }
  return y;
};
