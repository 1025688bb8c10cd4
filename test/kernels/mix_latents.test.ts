import { mixLatents } from "../../src/kernels/mix_latents";
import { checkReference, checkRefusals } from "./check_reference";

checkReference(mixLatents, {
  tolerance: 1e-6, // one rounding per operation in PyTorch
  cases: [
    { name: "truncated", attributes: { layers: 4 } },
    { name: "mixed", attributes: { layers: 6 } },
    { name: "both", attributes: { layers: 4 } },
  ],
});

const right = { w1: [2, 8], w2: [2, 8], w_avg: [1, 8], mix_by: [2], layers: 4 } as const;

checkRefusals(mixLatents, [
  [
    { ...right, w2: [2, 7] },
    "mix_latents: w1 (2, 8) and w2 (2, 7) must be (n, k), w_avg (1, 8) (1, k) and mix_by (2) (2)",
  ],
  [
    { ...right, w_avg: [8] },
    "mix_latents: w1 (2, 8) and w2 (2, 8) must be (n, k), w_avg (8) (1, k) and mix_by (2) (2)",
  ],
  [
    { ...right, mix_by: [3] },
    "mix_latents: w1 (2, 8) and w2 (2, 8) must be (n, k), w_avg (1, 8) (1, k) and mix_by (3) (2)",
  ],
]);
