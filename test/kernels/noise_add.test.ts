import { noiseAdd } from "../../src/kernels/noise_add";
import { checkReference, checkRefusals } from "./check_reference";

checkReference(noiseAdd, {
  tolerance: 1e-6, // one rounding per operation in PyTorch
  cases: ["odd", "quads", "one channel"].map((name) => ({ name, attributes: {} })),
});

checkRefusals(noiseAdd, [
  [
    { x: [1, 8, 4, 4], e: [1, 4, 4, 4], e_activation: [12] },
    "noise_add: e (1, 4, 4, 4) must be (1, 8, 4, 4), to fit x (1, 8, 4, 4)",
  ],
  [
    { x: [1, 8, 4, 4], e: [1, 8, 4, 4], e_activation: [8] },
    "noise_add: e_activation (8) must be (12), to fit x (1, 8, 4, 4), e (1, 8, 4, 4)",
  ],
]);
