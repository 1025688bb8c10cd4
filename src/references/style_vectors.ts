import { type StyleVectors, styleVectors } from "../kernels/style_vectors";
import type { Reference } from "./reference";

/** The plain twin of shaders/style_vectors.wgsl; its contract is that of kernels/style_vectors.ts. */
export const styleVectorsReference: Reference<StyleVectors> = (args, { ws, w, b, latent }) => {
  const [n, m] = styleVectors.outputShape(args);
  const k = args.w[1];
  const latents = args.ws.length === 3 ? args.ws[1] : 1;
  const y = new Float32Array(n * m);
  for (let i = 0; i < n; i++) {
    for (let row = 0; row < m; row++) {
      const which = Math.min(latent[row >> 2], latents - 1);
      let sum = b[row];
      for (let j = 0; j < k; j++) sum += ws[(i * latents + which) * k + j] * w[row * k + j];
      y[i * m + row] = sum;
    }
  }
  return y;
};
