import type { Demodulation } from "../kernels/demodulation";
import type { Reference } from "./reference";

/** The plain twin of shaders/demodulation.wgsl; its contract is that of kernels/demodulation.ts. */
export const demodulationReference: Reference<Demodulation> = (
  { s: [n, m], rows: [outQuads] },
  { s, wsq, rows },
) => {
  const width = m + 4 * outQuads;
  const y = new Float32Array(n * width);
  for (let i = 0; i < n * outQuads; i++) {
    const [sample, oq] = [Math.floor(i / outQuads), i % outQuads];
    const [first, count, wsqFirst, which] = rows.subarray(4 * oq);
    const raw = s.subarray(sample * m + 4 * first, sample * m + 4 * (first + count));
    const largest = raw.reduce((max, v) => Math.max(max, Math.abs(v)), 0);
    const magnitude = which === 2 ? 1 : largest || 1;
    const normalised = raw.map((v) => v / magnitude);
    if (which > 0) y.set(normalised, sample * width + 4 * first);
    for (let o = 0; o < 4; o++) {
      let sum = 1e-8 / magnitude ** 2;
      for (const [j, v] of normalised.entries())
        sum += v ** 2 * wsq[4 * (wsqFirst + 4 * (j >> 2) + o) + (j & 3)];
      y[sample * width + m + 4 * oq + o] = 1 / Math.sqrt(sum);
    }
  }
  return y;
};
