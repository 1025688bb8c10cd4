import { demodulation } from "../../src/kernels/demodulation";
import { checkKernel } from "./check_kernel";

checkKernel(demodulation, {
  tolerance: 1e-5, // 64 partial sums, and an inverse square root of 2 ulp
  // Squared weights and magnitudes are not negative, and a magnitude of 0 does not occur.
  fill: { wsq: (_, random) => random() ** 2, s: (_, random) => 0.1 + Math.abs(random()) },
  cases: [
    {
      why: "two layers after one that is not demodulated, batch 3",
      args: { s: [3, 24], wsq: [96], rows: [4, 4], styles: 20 },
      values: {
        rows: [
          [1, 2, 0, 1],
          [1, 2, 8, 1],
          [3, 1, 16, 2],
          [3, 1, 20, 2],
        ].flat(),
      },
    },
    {
      why: "threads with different counts",
      args: { s: [1, 1044], wsq: [4 * 1040], rows: [1, 4], styles: 1040 },
      values: { rows: [0, 260, 0, 3] },
    },
    {
      why: "no weights: the epsilon over the magnitude alone",
      args: { s: [1, 5], wsq: [16], rows: [1, 4], styles: 4 },
      values: { rows: [0, 1, 0, 0], wsq: new Float32Array(16), s: [1, 1, 1, 1, 0.25] },
    },
  ],
});
