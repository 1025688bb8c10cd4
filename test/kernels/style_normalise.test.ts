import { styleNormalise } from "../../src/kernels/style_normalise";
import { checkReference, checkRefusals } from "./check_reference";

checkReference(styleNormalise, {
  tolerance: 1e-6, // one division
  cases: [
    { name: "one latent", attributes: {} },
    { name: "a latent per layer", attributes: {} },
  ],
});

checkRefusals(styleNormalise, [
  [{ s: [2, 10], layers: [1, 4] }, "style_normalise: s (2, 10) must be whole quads of styles"],
  [{ s: [2, 8], layers: [4] }, "style_normalise: layers (4) must be (l, 4), to fit s (2, 8)"],
]);
