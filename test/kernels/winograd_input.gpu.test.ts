import { winogradInput } from "../../src/kernels/winograd_input";
import { checkKernel } from "./check_kernel";

checkKernel(winogradInput, {
  tolerance: 2e-6, // two sums of up to three terms, each up to 4.5 times as large as the largest
  cases: [
    { why: "batch 3, sides that fill no tile", args: { x: [3, 8, 5, 33] } },
    { why: "one of everything", args: { x: [1, 1, 1, 1] } },
    { why: "channels that fill no quad", args: { x: [2, 6, 9, 8] } },
    { why: "two workgroups", args: { x: [1, 1, 33, 36] } },
  ],
  bands: [{ why: "odd width, batch 2", args: { x: [2, 7, 17, 9] }, bindingBytes: 8192 }],
});
