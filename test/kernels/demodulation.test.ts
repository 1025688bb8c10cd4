import { demodulation } from "../../src/kernels/demodulation";
import { checkReference, checkRefusals } from "./check_reference";

checkReference(demodulation, {
  tolerance: 1e-6, // a division, up to 8 products and an inverse square root
  cases: [
    { name: "one latent", attributes: { styles: 20 } },
    { name: "a latent per layer", attributes: { styles: 20 } },
  ],
});

const right = { s: [2, 12], wsq: [32], rows: [2, 4], styles: 8 };

checkRefusals(demodulation, [
  [{ ...right, styles: 10 }, "demodulation: s (2, 12) must hold 10 styles, in whole quads"],
  [{ ...right, s: [2, 4] }, "demodulation: s (2, 4) must hold 8 styles, in whole quads"],
  [
    { ...right, rows: [2, 3] },
    "demodulation: rows (2, 3) must be (r, 4), to fit s (2, 12), wsq (32)",
  ],
]);
