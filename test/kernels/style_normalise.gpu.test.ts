import { styleNormalise } from "../../src/kernels/style_normalise";
import { checkKernel } from "./check_kernel";

checkKernel(styleNormalise, {
  tolerance: 1e-6, // one division, which WGSL allows 2.5 ulp
  cases: [
    {
      why: "three layers, the second left as it is, batch 3",
      args: { s: [3, 24], layers: [3, 4] },
      values: {
        layers: [
          [0, 3, 1, 0],
          [3, 1, 0, 0],
          [4, 2, 1, 0],
        ].flat(),
      },
    },
    {
      why: "a layer wider than a workgroup",
      args: { s: [1, 520], layers: [2, 4] },
      values: {
        layers: [
          [0, 65, 1, 0],
          [65, 65, 1, 0],
        ].flat(),
      },
    },
    {
      why: "the largest is negative; four layers fill a quad of magnitudes",
      args: { s: [1, 16], layers: [4, 4] },
      values: {
        s: [1, -9, 3, 0, -1e-3, 0, 0, 0, 1000, 1, 1, 1, 5, 6, 7, 8],
        layers: [
          [0, 1, 1, 0],
          [1, 1, 1, 0],
          [2, 1, 1, 0],
          [3, 1, 0, 0],
        ].flat(),
      },
    },
    {
      why: "all zero: magnitude 1, nothing divided by zero",
      args: { s: [1, 4], layers: [1, 4] },
      values: { s: [0, 0, 0, 0], layers: [0, 1, 1, 0] },
    },
  ],
});
