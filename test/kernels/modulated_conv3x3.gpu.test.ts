import { modulatedConv3x3 } from "../../src/kernels/modulated_conv3x3";
import { checkKernel } from "./check_kernel";
import { modulatedArgs } from "./modulated_args";

checkKernel(modulatedConv3x3, {
  tolerance: 1e-5, // f32 sums of up to 9 * 25 products
  cases: [
    { why: "both halves, batch 3", args: { ...modulatedArgs(3, 5, 3, 8, 5, 33), b: [8] } },
    { why: "one of everything", args: { ...modulatedArgs(1, 1, 1, 1, 1, 1), b: [1] } },
    { why: "one constant for a batch", args: { ...modulatedArgs(3, 8, 0, 17, 4, 4, 1), b: [17] } },
    { why: "constant and encoder half", args: { ...modulatedArgs(3, 4, 5, 2, 4, 4, 1), b: [2] } },
    { why: "five quads in, 2 x 2", args: { ...modulatedArgs(1, 17, 8, 3, 2, 2), b: [3] } },
    { why: "no encoder half", args: { ...modulatedArgs(3, 2, 0, 5, 8, 3), b: [5] } },
    { why: "noise comes after, so no bias", args: modulatedArgs(1, 4, 0, 4, 5, 8) },
  ],
  bands: [
    {
      why: "odd width, batch 2, both halves",
      args: { ...modulatedArgs(2, 5, 3, 8, 9, 33), b: [8] },
      bindingBytes: 4608, // the weights
    },
    {
      why: "one constant for a batch",
      args: { ...modulatedArgs(2, 4, 0, 4, 16, 17, 1), b: [4] },
      bindingBytes: 1536,
    },
  ],
});
