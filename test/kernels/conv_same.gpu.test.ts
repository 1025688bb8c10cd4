import { convSame } from "../../src/kernels/conv_same";
import { checkKernel } from "./check_kernel";

const plain = { stride: 1, relu: false } as const;
const active = { stride: 1, relu: true } as const;
const halving = { stride: 2, relu: true } as const;

checkKernel(convSame, {
  tolerance: 1e-5, // f32 sums of up to 200 products, in another order than the reference's f64
  cases: [
    {
      why: "1x1, a skip with fewer channels",
      args: { x: [2, 5, 6, 33], w: [9, 5, 1, 1], b: [9], skip: [2, 6, 6, 33], ...active },
    },
    {
      why: "1x1, a skip of twice the side",
      args: { x: [2, 8, 3, 5], w: [11, 8, 1, 1], b: [11], skip: [2, 7, 6, 10], ...active },
    },
    {
      why: "5x5, stride 2, even sides: one zero before, two after",
      args: { x: [1, 3, 8, 10], w: [6, 3, 5, 5], b: [6], ...halving },
    },
    {
      why: "3x3, stride 2, odd and even: 1 and 0 before",
      args: { x: [1, 8, 7, 34], w: [4, 8, 3, 3], b: [4], ...halving },
    },
    { why: "one pixel, no skip", args: { x: [3, 17, 1, 1], w: [5, 17, 1, 1], b: [5], ...plain } },
  ],
});
