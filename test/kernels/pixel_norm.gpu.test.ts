import { pixelNorm } from "../../src/kernels/pixel_norm";
import { checkKernel } from "./check_kernel";

checkKernel(pixelNorm, {
  tolerance: 2e-6, // 64 partial sums, and an inverse square root of 2 ulp
  cases: [
    { why: "one number", args: { x: [1, 1] } },
    { why: "a length that does not fill a quad", args: { x: [3, 5] } },
    { why: "GPEN's latents", args: { x: [3, 512] } },
    { why: "threads with different counts", args: { x: [1, 333] } },
    { why: "tiny: the epsilon", args: { x: [1, 2] }, values: { x: [1e-5, -2e-5] } },
  ],
});
