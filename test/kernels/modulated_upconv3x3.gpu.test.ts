import { modulatedUpconv3x3 } from "../../src/kernels/modulated_upconv3x3";
import { checkKernel } from "./check_kernel";
import { modulatedArgs } from "./modulated_args";

checkKernel(modulatedUpconv3x3, {
  tolerance: 1e-5, // f32 sums of up to 4 * 25 products
  cases: [
    { why: "both halves, batch 3", args: modulatedArgs(3, 5, 3, 8, 5, 33) },
    { why: "one of everything", args: modulatedArgs(1, 1, 1, 1, 1, 1) },
    { why: "one constant for a batch", args: modulatedArgs(3, 8, 0, 17, 4, 4, 1) },
    { why: "five quads in, even sides", args: modulatedArgs(1, 17, 8, 3, 2, 8) },
    { why: "no encoder half", args: modulatedArgs(3, 2, 0, 5, 8, 3) },
    { why: "two workgroups", args: modulatedArgs(1, 4, 0, 4, 16, 9) },
  ],
  bands: [
    {
      why: "bands that begin and end on odd rows, batch 2",
      args: modulatedArgs(2, 5, 3, 8, 9, 16),
      bindingBytes: 4608, // the weights; three rows of y
    },
    {
      why: "one row at a time",
      args: modulatedArgs(1, 4, 0, 4, 8, 33),
      bindingBytes: 1536,
    },
  ],
});
