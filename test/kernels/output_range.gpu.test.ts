import { outputRange } from "../../src/kernels/output_range";
import { checkKernel } from "./check_kernel";

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;

checkKernel(outputRange, {
  tolerance: 0, // comparisons and counts
  cases: [
    { why: "more pixels than threads, batch 3", args: { x: [3, 3, 9, 33] } },
    { why: "one pixel", args: { x: [1, 3, 1, 1] } },
    {
      why: "all below zero: the padding channel, which is 0, is no part of it",
      args: { x: [1, 3, 1, 2] },
      values: { x: [-3, -2, -5, -1, -4, -6] },
    },
    {
      why: "numbers that are not finite are counted and passed over",
      args: { x: [2, 3, 1, 2] },
      values: { x: [nan, 2, infinity, -7, -infinity, 3, 1, 2, 3, 4, 5, 6] },
    },
    {
      why: "nothing finite",
      args: { x: [1, 3, 1, 1] },
      values: { x: [nan, infinity, -infinity] },
    },
  ],
});
