import { styleVectors } from "../../src/kernels/style_vectors";
import { checkKernel } from "./check_kernel";

const shapes = (m: number, k: number) => ({ w: [m, k], b: [m], latent: [m / 4] });

checkKernel(styleVectors, {
  tolerance: 1e-5, // 64 partial sums of up to 9 products
  cases: [
    {
      why: "one latent for all layers, whichever they ask for",
      args: { ws: [3, 5], ...shapes(8, 5) },
      values: { latent: [0, 7] },
    },
    {
      why: "a latent per layer; beyond the last means the last",
      args: { ws: [3, 2, 8], ...shapes(12, 8) },
      values: { latent: [1, 0, 4] },
    },
    {
      why: "one number",
      args: { ws: [1, 1], ...shapes(4, 1) },
      values: { latent: [0] },
    },
    {
      why: "threads with different counts",
      args: { ws: [1, 3, 333], ...shapes(8, 333) },
      values: { latent: [2, 1] },
    },
  ],
});
