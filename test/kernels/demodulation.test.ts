import { demodulation } from "../../src/kernels/demodulation";
import { checkReference, checkRefusals } from "./check_reference";

checkReference(demodulation, {
  tolerance: 1e-6, // up to 8 products and an inverse square root
  cases: [
    { name: "one latent", attributes: { styles: 28 } },
    { name: "a latent per layer", attributes: { styles: 28 } },
  ],
});

const right = { s: [2, 10], wsq: [32], rows: [2, 4], styles: 8 };

checkRefusals(demodulation, [
  [
    { ...right, styles: 10 },
    "demodulation: s (2, 10) must hold 10 styles and then a magnitude per layer, wsq (32) whole blocks of 16",
  ],
  [
    { ...right, s: [2, 8] },
    "demodulation: s (2, 8) must hold 8 styles and then a magnitude per layer, wsq (32) whole blocks of 16",
  ],
  [
    { ...right, rows: [2, 3] },
    "demodulation: rows (2, 3) must be (r, 4), to fit s (2, 10), wsq (32)",
  ],
  [
    { ...right, wsq: [20] },
    "demodulation: s (2, 10) must hold 8 styles and then a magnitude per layer, wsq (20) whole blocks of 16",
  ],
]);
