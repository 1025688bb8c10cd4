import { fir } from "../../src/kernels/fir";
import { checkKernel } from "./check_kernel";

const blur = { pad: { before: 2, after: 2 }, stride: 1, gain: 1 } as const;
const sharp = { pad: { before: 1, after: 1 }, stride: 1, gain: 4 } as const;
const halving = { pad: { before: 1, after: 1 }, stride: 2, gain: 1 } as const;

checkKernel(fir, {
  tolerance: 2e-6, // 16 products of small constants, summed row by row
  cases: [
    { why: "after upsampling", args: { x: [3, 5, 9, 17], b: [5], ...sharp } },
    { why: "the smallest picture", args: { x: [1, 1, 2, 2], b: [1], ...sharp } },
    { why: "more rows than a run", args: { x: [1, 8, 34, 5], b: [8], ...sharp } },
    { why: "five quads", args: { x: [1, 17, 5, 4], b: [17], ...sharp } },
    { why: "blur, larger than x", args: { x: [1, 3, 4, 8], ...blur } },
    { why: "blur of one pixel", args: { x: [3, 2, 1, 1], ...blur } },
    { why: "two workgroups", args: { x: [1, 4, 33, 33], ...blur } },
    { why: "every other pixel", args: { x: [3, 4, 8, 33], ...halving } },
    { why: "every other, odd sides", args: { x: [1, 1, 3, 5], ...halving } },
  ],
  bands: [
    {
      why: "odd width, batch 2, bands of other heights than a run",
      args: { x: [2, 5, 13, 33], b: [5], ...sharp },
      bindingBytes: 8192,
    },
    { why: "blur", args: { x: [1, 3, 11, 17], ...blur }, bindingBytes: 2048 },
    { why: "every other pixel", args: { x: [2, 4, 16, 17], ...halving }, bindingBytes: 2560 },
  ],
});
