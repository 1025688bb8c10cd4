import { pixelNorm } from "../../src/kernels/pixel_norm";
import { checkReference, checkRefusals } from "./check_reference";

checkReference(pixelNorm, {
  tolerance: 1e-6, // PyTorch means up to 261 squares in f32
  cases: ["latents", "odd", "more than a workgroup", "tiny"].map((name) => ({
    name,
    attributes: {},
  })),
});

checkRefusals(pixelNorm, [[{ x: [1, 8, 4, 4] }, "pixel_norm: x (1, 8, 4, 4) must be (n, k)"]]);
