import type { MixLatents } from "../kernels/mix_latents";
import type { Reference } from "./reference";

/** The plain twin of shaders/mix_latents.wgsl; its contract is that of kernels/mix_latents.ts. */
export const mixLatentsReference: Reference<MixLatents> = (
  { w1: [n, k], layers },
  { w1, w2, w_avg, mix_by },
) => {
  const y = new Float32Array(n * layers * k);
  for (let i = 0; i < y.length; i++) {
    const j = i % k;
    const sample = Math.floor(i / (layers * k));
    const layer = Math.floor(i / k) % layers;
    const w = (layer < mix_by[1] ? w1 : w2)[sample * k + j];
    y[i] = w_avg[j] + mix_by[0] * (w - w_avg[j]);
  }
  return y;
};
