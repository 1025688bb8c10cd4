import { modulate } from "../../src/kernels/modulate";
import { checkKernel } from "./check_kernel";
import { modulatedArgs } from "./modulated_args";

/** The input of a modulated layer, without what its convolution takes. */
function inputArgs(...sizes: Parameters<typeof modulatedArgs>) {
  const { w, d, dFirst, ...args } = modulatedArgs(...sizes);
  return args;
}

checkKernel(modulate, {
  tolerance: 1e-6, // four roundings
  cases: [
    { why: "both halves, batch 3", args: inputArgs(3, 8, 3, 1, 5, 33) },
    { why: "one of everything", args: inputArgs(1, 1, 0, 1, 1, 1) },
    { why: "one constant for a batch", args: inputArgs(3, 8, 0, 1, 4, 4, 1) },
    { why: "constant and encoder half", args: inputArgs(3, 4, 5, 1, 4, 4, 1) },
    { why: "two workgroups", args: inputArgs(1, 4, 4, 1, 8, 9) },
  ],
  bands: [
    { why: "odd width, batch 2", args: inputArgs(2, 4, 3, 1, 9, 33), bindingBytes: 2560 },
    { why: "one constant for a batch", args: inputArgs(2, 4, 0, 1, 16, 17, 1), bindingBytes: 1536 },
  ],
});
