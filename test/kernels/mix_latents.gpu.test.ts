import { mixLatents } from "../../src/kernels/mix_latents";
import { checkKernel } from "./check_kernel";

const shapes = (n: number, k: number) =>
  ({ w1: [n, k], w2: [n, k], w_avg: [1, k], mix_by: [2] }) as const;

checkKernel(mixLatents, {
  tolerance: 1e-6, // three roundings
  cases: [
    {
      why: "truncated, w1 alone",
      args: { ...shapes(3, 8), layers: 4 },
      values: { mix_by: [0.7, 1000] },
    },
    {
      why: "mixed at a layer",
      args: { ...shapes(3, 5), layers: 6 },
      values: { mix_by: [1, 3] },
    },
    {
      why: "w2 alone, one number",
      args: { ...shapes(1, 1), layers: 1 },
      values: { mix_by: [0.5, 0] },
    },
    {
      why: "several workgroups",
      args: { ...shapes(1, 300), layers: 2 },
      values: { mix_by: [0, 1] },
    },
  ],
});
