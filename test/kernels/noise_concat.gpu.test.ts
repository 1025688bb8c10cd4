import { noiseConcat } from "../../src/kernels/noise_concat";
import { checkKernel } from "./check_kernel";

const image = (n: number, cX: number, cE: number, h: number, w: number) => ({
  x: [n, cX, h, w],
  e: [n, cE, h, w],
  e_activation: [4 + cE],
});

checkKernel(noiseConcat, {
  tolerance: 1e-6, // three roundings
  cases: [
    { why: "a quad made of both halves", args: image(3, 3, 5, 4, 5) },
    { why: "whole quads", args: image(1, 8, 8, 2, 33) },
    { why: "one channel each", args: image(3, 1, 1, 1, 8) },
    { why: "the encoder half ends within a quad", args: image(1, 17, 4, 5, 2) },
  ],
  bands: [{ why: "odd width, batch 2", args: image(2, 3, 2, 7, 33), bindingBytes: 2560 }],
});
