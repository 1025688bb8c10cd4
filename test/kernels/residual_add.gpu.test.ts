import { residualAdd } from "../../src/kernels/residual_add";
import { checkKernel } from "./check_kernel";

const both = (...shape: number[]) => ({ a: shape, b: shape });

checkKernel(residualAdd, {
  tolerance: 1e-6, // two roundings
  cases: [
    { why: "one number", args: both(1, 1, 1, 1) },
    { why: "a part of a quad, batch 3", args: both(3, 5, 4, 3) },
    { why: "five quads, wide", args: both(1, 17, 2, 33) },
  ],
  bands: [{ why: "odd width, batch 2", args: both(2, 5, 8, 33), bindingBytes: 2560 }],
});
