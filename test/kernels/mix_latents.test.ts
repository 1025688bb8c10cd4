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
  [{ ...right, w2: [2, 7] }, "mix_latents: w2 (2, 7) must be (2, 8), to fit w1 (2, 8)"],
  [{ ...right, w_avg: [8] }, "mix_latents: w_avg (8) must be (1, 8), to fit w1 (2, 8), w2 (2, 8)"],
  [
    { ...right, mix_by: [3] },
    "mix_latents: mix_by (3) must be (2), to fit w1 (2, 8), w2 (2, 8), w_avg (1, 8)",
  ],
]);
