import { modulatedUpconv3x3 } from "../../src/kernels/modulated_upconv3x3";
import { checkReference, checkRefusals } from "./check_reference";

const first = { sFirst: 0, dFirst: 0 };

checkReference(modulatedUpconv3x3, {
  tolerance: 2e-6, // sums of up to 48 products; PyTorch scales by the style in f32
  cases: [
    { name: "both halves", attributes: { sFirst: 8, dFirst: 4 } },
    { name: "no encoder half", attributes: first },
    { name: "one pixel", attributes: first },
    { name: "normalised styles", attributes: first },
  ],
});

const right = { x: [1, 4, 8, 8], w: [8, 4, 3, 3], s: [2, 8], sFirst: 4, d: [2, 8], dFirst: 0 };

checkRefusals(modulatedUpconv3x3, [
  [
    { ...right, x: [2, 4, 8] },
    "modulated_upconv3x3: x (2, 4, 8) must be (2, cX, h, w), to fit s (2, 8)",
  ],
  [
    { ...right, w: [8, 5, 3, 3] },
    "modulated_upconv3x3: w (8, 5, 3, 3) must be (cOut, 4, 3, 3), to fit s (2, 8), x (1, 4, 8, 8)",
  ],
  [
    { ...right, dFirst: 4 },
    "modulated_upconv3x3: demodulation 4 to 12 must lie within d (2, 8), in whole quads",
  ],
]);
