import { resizeBilinear } from "../../src/kernels/resize_bilinear";
import { checkKernel } from "./check_kernel";

checkKernel(resizeBilinear, {
  tolerance: 1e-5, // source positions of up to 33 in f32
  cases: [
    { why: "up by an odd factor", args: { x: [3, 3, 5, 8], size: { h: 33, w: 17 } } },
    { why: "down, batch 3", args: { x: [3, 5, 33, 8], size: { h: 8, w: 3 } } },
    { why: "one pixel spread", args: { x: [1, 1, 1, 1], size: { h: 3, w: 2 } } },
    { why: "to one pixel", args: { x: [1, 2, 4, 5], size: { h: 1, w: 1 } } },
    { why: "the same size", args: { x: [1, 17, 4, 3], size: { h: 4, w: 3 } } },
  ],
  bands: [
    { why: "up, batch 2", args: { x: [2, 3, 9, 17], size: { h: 33, w: 33 } }, bindingBytes: 2048 },
    { why: "down", args: { x: [2, 3, 33, 17], size: { h: 8, w: 9 } }, bindingBytes: 2560 },
  ],
});
