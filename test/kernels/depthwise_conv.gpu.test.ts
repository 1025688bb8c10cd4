import { depthwiseConv } from "../../src/kernels/depthwise_conv";
import { checkKernel } from "./check_kernel";

checkKernel(depthwiseConv, {
  tolerance: 1e-5, // f32 sums of up to 196 products
  cases: [
    {
      why: "3x3, a part of a quad, batch 2",
      args: { x: [2, 5, 6, 33], w: [1, 5, 3, 3], b: [5], stride: 1, relu: false },
    },
    {
      why: "stride 2, even and odd sides",
      args: { x: [1, 8, 8, 9], w: [1, 8, 3, 3], b: [8], stride: 2, relu: true },
    },
    {
      why: "the mean of 14x14",
      args: { x: [2, 6, 14, 14], w: [1, 6, 14, 14], stride: 14, relu: true },
    },
  ],
});
