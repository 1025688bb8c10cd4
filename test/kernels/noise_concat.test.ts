import { noiseConcat } from "../../src/kernels/noise_concat";
import { checkReference, checkRefusals } from "./check_reference";

checkReference(noiseConcat, {
  tolerance: 1e-6, // one rounding per operation in PyTorch
  cases: ["odd halves", "quads", "single channels"].map((name) => ({ name, attributes: {} })),
});

checkRefusals(noiseConcat, [
  [
    { x: [1, 8, 4, 4], e: [1, 8, 4, 8], e_activation: [12] },
    "noise_concat: e (1, 8, 4, 8) must be (1, cE, 4, 4), to fit x (1, 8, 4, 4)",
  ],
  [
    { x: [1, 8, 4, 4], e: [1, 8, 4, 4], e_activation: [8] },
    "noise_concat: e_activation (8) must be (12), to fit x (1, 8, 4, 4), e (1, 8, 4, 4)",
  ],
]);
