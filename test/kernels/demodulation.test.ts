import { demodulation } from "../../src/kernels/demodulation";
import { checkReference, checkRefusals } from "./check_reference";

checkReference(demodulation, {
  tolerance: 1e-6, // a division, up to 8 products and an inverse square root
  cases: [
    { name: "one latent", attributes: {} },
    { name: "a latent per layer", attributes: {} },
  ],
});

const right = { s: [2, 12], wsq: [32], rows: [2, 4] };

checkRefusals(demodulation, [
  [{ ...right, s: [2, 10] }, "demodulation: s (2, 10) must be whole quads of styles"],
  [
    { ...right, rows: [2, 3] },
    "demodulation: rows (2, 3) must be (r, 4), to fit s (2, 12), wsq (32)",
  ],
]);
