import type { PixelNorm } from "../kernels/pixel_norm";
import type { Reference } from "./reference";

/** The plain twin of shaders/pixel_norm.wgsl; its contract is that of kernels/pixel_norm.ts. */
export const pixelNormReference: Reference<PixelNorm> = ({ x: [n, k] }, { x }) => {
  const y = new Float32Array(n * k);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < k; j++) sum += x[i * k + j] ** 2;
    for (let j = 0; j < k; j++) y[i * k + j] = x[i * k + j] / Math.sqrt(sum / k + 1e-8);
  }
  return y;
};
