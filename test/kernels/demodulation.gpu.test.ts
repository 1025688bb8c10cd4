import { demodulation } from "../../src/kernels/demodulation";
import { checkKernel } from "./check_kernel";

checkKernel(demodulation, {
  tolerance: 1e-5, // 64 partial sums, and an inverse square root of 2 ulp
  fill: { wsq: (_, random) => random() ** 2 }, // squares are not negative
  cases: [
    {
      why: "two layers, and between them one that stays as it is, batch 3",
      args: { s: [3, 20], wsq: [128], rows: [5, 4] },
      values: {
        rows: [
          [0, 2, 0, 1],
          [0, 2, 8, 0],
          [2, 2, 16, 2],
          [4, 1, 24, 1],
          [4, 1, 28, 0],
        ].flat(),
      },
    },
    {
      why: "threads with different counts, two layers wider than a workgroup",
      args: { s: [1, 1300], wsq: [5200], rows: [2, 4] },
      values: {
        rows: [
          [0, 260, 0, 1],
          [260, 65, 1040, 1],
        ].flat(),
      },
    },
    {
      why: "the largest is negative, in the last lane of a quad, or 1000",
      args: { s: [1, 12], wsq: [48], rows: [3, 4] },
      values: {
        s: [1, -9, 3, 0, -1e-3, 0, 0, -2e-3, 1000, 1, 1, 1],
        rows: [
          [0, 1, 0, 1],
          [1, 1, 4, 1],
          [2, 1, 8, 1],
        ].flat(),
      },
    },
    {
      why: "no weights: the epsilon over the magnitude alone",
      args: { s: [1, 4], wsq: [16], rows: [1, 4] },
      values: { rows: [0, 1, 0, 1], wsq: new Float32Array(16), s: [1, -4, 1, 0.25] },
    },
    {
      why: "all zero: nothing divided by zero",
      args: { s: [1, 4], wsq: [16], rows: [1, 4] },
      values: { s: [0, 0, 0, 0], rows: [0, 1, 0, 1] },
    },
  ],
});
