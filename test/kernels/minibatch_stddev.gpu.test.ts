import { minibatchStddev } from "../../src/kernels/minibatch_stddev";
import { checkKernel } from "./check_kernel";

checkKernel(minibatchStddev, {
  tolerance: 1e-5, // 64 partial sums of square roots
  cases: [
    { why: "a batch, the new channel opens a quad", args: { x: [3, 8, 4, 4] } },
    { why: "the new channel fills up a quad", args: { x: [3, 3, 4, 4] } },
    { why: "one sample: the epsilon alone", args: { x: [1, 5, 4, 4] } },
    { why: "one channel, not square", args: { x: [2, 1, 2, 3] } },
    { why: "five quads", args: { x: [2, 17, 5, 8] } },
  ],
});
