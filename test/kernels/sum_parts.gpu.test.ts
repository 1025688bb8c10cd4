import { sumParts } from "../../src/kernels/sum_parts";
import { checkKernel } from "./check_kernel";

checkKernel(sumParts, {
  tolerance: 1e-6, // f32 sums of up to 16 numbers
  cases: [
    { why: "batch 3, two quads", args: { x: [3, 24, 5, 7], b: [8], parts: 3, activate: true } },
    { why: "sixteen parts", args: { x: [1, 64, 4, 4], b: [4], parts: 16, activate: true } },
    { why: "two workgroups, alone", args: { x: [1, 8, 9, 16], parts: 2, activate: false } },
  ],
  bands: [
    {
      why: "batch 2",
      args: { x: [2, 16, 9, 17], b: [8], parts: 2, activate: true },
      bindingBytes: 4096,
    },
  ],
});
