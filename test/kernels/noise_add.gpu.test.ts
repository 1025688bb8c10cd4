import { noiseAdd } from "../../src/kernels/noise_add";
import { checkKernel } from "./check_kernel";

const image = (n: number, c: number, h: number, w: number) => ({
  x: [n, c, h, w],
  e: [n, c, h, w],
  e_activation: [4 + c],
});

checkKernel(noiseAdd, {
  tolerance: 1e-6, // four roundings
  cases: [
    { why: "one number", args: image(1, 1, 1, 1) },
    { why: "a part of a quad, batch 3", args: image(3, 3, 4, 5) },
    { why: "five quads, wide", args: image(1, 17, 2, 33) },
    { why: "whole quads", args: image(3, 8, 8, 3) },
  ],
  bands: [{ why: "odd width, batch 2", args: image(2, 5, 7, 33), bindingBytes: 2560 }],
});
