import { residualAdd } from "../../src/kernels/residual_add";
import { checkReference, checkRefusals } from "./check_reference";

checkReference(residualAdd, {
  tolerance: 1e-6, // one rounding per operation in PyTorch
  cases: ["odd", "quads", "one channel"].map((name) => ({ name, attributes: {} })),
});

checkRefusals(residualAdd, [
  [
    { a: [1, 8, 4, 4], b: [2, 8, 4, 4] },
    "residual_add: b (2, 8, 4, 4) must be (1, 8, 4, 4), to fit a (1, 8, 4, 4)",
  ],
]);
