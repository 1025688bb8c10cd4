import { styleVectors } from "../../src/kernels/style_vectors";
import { checkReference, checkRefusals } from "./check_reference";

checkReference(styleVectors, {
  tolerance: 1e-6, // up to 8 products
  cases: [
    { name: "one latent", attributes: {} },
    { name: "a latent per layer", attributes: {} },
  ],
});

const right = { ws: [2, 3, 8], w: [12, 8], b: [12], latent: [3] };

checkRefusals(styleVectors, [
  [{ ...right, w: [12, 7] }, "style_vectors: w (12, 7) must be (m, 8), to fit ws (2, 3, 8)"],
  [{ ...right, w: [10, 8] }, "style_vectors: b (12) must be (10), to fit ws (2, 3, 8), w (10, 8)"],
  [{ ...right, b: [10] }, "style_vectors: b (10) must be (12), to fit ws (2, 3, 8), w (12, 8)"],
  [
    { ...right, latent: [12] },
    "style_vectors: latent (12) must be (3), to fit ws (2, 3, 8), w (12, 8), b (12)",
  ],
]);
