import { type WinogradInput, winogradInput } from "../../src/kernels/winograd_input";
import { checkKernel } from "./check_kernel";
import { modulatedArgs } from "./modulated_args";

/** The input of a modulated layer, without what its convolution takes. */
function inputArgs(...sizes: Parameters<typeof modulatedArgs>): WinogradInput {
  const { w, d, dFirst, ...args } = modulatedArgs(...sizes);
  return args;
}

checkKernel(winogradInput, {
  tolerance: 2e-6, // two sums of up to three terms, each up to 4.5 times as large as the largest
  cases: [
    { why: "both halves, batch 3, sides that fill no tile", args: inputArgs(3, 5, 3, 1, 5, 33) },
    { why: "one of everything", args: inputArgs(1, 1, 0, 1, 1, 1) },
    { why: "one constant for a batch", args: inputArgs(3, 8, 0, 1, 4, 4, 1) },
    { why: "constant and encoder half", args: inputArgs(2, 4, 5, 1, 4, 7, 1) },
    { why: "no styles", args: { x: [2, 6, 9, 8] } },
    { why: "two workgroups", args: { x: [1, 1, 33, 36] } },
  ],
  bands: [{ why: "odd width, batch 2", args: inputArgs(2, 4, 3, 1, 17, 9), bindingBytes: 8192 }],
});
