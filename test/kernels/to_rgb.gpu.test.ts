import { quads } from "../../src/kernels/kernel";
import { type ToRgb, toRgb } from "../../src/kernels/to_rgb";
import { checkKernel } from "./check_kernel";

/** A toRGB layer that is neither first nor last in the vector of styles. */
function rgbArgs(n: number, cX: number, cE: number, h: number, w: number, skip = true): ToRgb {
  return {
    x: [n, cX, h, w],
    ...(cE ? { e: [n, cE, h, w], e_activation: [4 + cE] } : {}),
    w: [3, cX + cE, 1, 1],
    s: [n, 4 + 4 * (quads(cX) + quads(cE)) + 4],
    sFirst: 4,
    b: [3],
    ...(skip ? { skip: [n, 3, h / 2, w / 2] } : {}),
  };
}

checkKernel(toRgb, {
  tolerance: 1e-5, // f32 sums of up to 25 products
  cases: [
    { why: "both halves and a skip, batch 3", args: rgbArgs(3, 5, 3, 8, 66) },
    { why: "the first picture: no skip", args: rgbArgs(3, 8, 4, 4, 4, false) },
    { why: "one channel, one pixel", args: rgbArgs(1, 1, 0, 1, 1, false) },
    { why: "a skip of one pixel", args: rgbArgs(1, 2, 2, 2, 2) },
    { why: "five quads, not square", args: rgbArgs(1, 17, 8, 2, 8) },
    { why: "odd sides, no skip", args: rgbArgs(3, 4, 0, 5, 33, false) },
  ],
  bands: [
    {
      why: "skip rows above and below, batch 2",
      args: rgbArgs(2, 5, 3, 18, 34),
      bindingBytes: 4096,
    },
    { why: "without encoder half", args: rgbArgs(1, 4, 0, 16, 18), bindingBytes: 1024 },
  ],
});
