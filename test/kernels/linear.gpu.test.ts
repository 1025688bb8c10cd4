import { linear } from "../../src/kernels/linear";
import { checkKernel } from "./check_kernel";

checkKernel(linear, {
  tolerance: 1e-5, // 64 partial sums of up to 9 products
  cases: [
    { why: "one number", args: { x: [1, 1], w: [1, 1], b: [1], activate: true } },
    { why: "odd sides, batch 3", args: { x: [3, 5], w: [17, 5], b: [17], activate: true } },
    { why: "no activation", args: { x: [3, 8], w: [2, 8], b: [2], activate: false } },
    { why: "threads with two quads", args: { x: [1, 333], w: [3, 333], b: [3], activate: true } },
    { why: "mapping layer", args: { x: [3, 512], w: [8, 512], b: [8], activate: true } },
  ],
});
