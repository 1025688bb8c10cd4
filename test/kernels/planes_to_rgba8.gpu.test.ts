import { planesToRgba8 } from "../../src/kernels/planes_to_rgba8";
import { checkKernel } from "./check_kernel";

const pictures = (n: number, h: number, w: number, normalise = true) => ({
  x: [n, 3, h, w],
  photo: [n, 3, h, w],
  blend: [2],
  normalise,
});

checkKernel(planesToRgba8, {
  // One level of 255: a value within rounding of x.5 may fall to either side of it.
  tolerance: 1 / 255,
  cases: [
    { why: "the network alone", args: pictures(3, 5, 33), values: { blend: [1, 0] } },
    { why: "the photo alone", args: pictures(1, 2, 4), values: { blend: [0, 0] } },
    { why: "half of both", args: pictures(3, 3, 8), values: { blend: [0.5, 0] } },
    { why: "the photo's luminance", args: pictures(1, 8, 5), values: { blend: [0.8, 1] } },
    { why: "planes in [0, 1]", args: pictures(1, 4, 3, false), values: { blend: [1, 0] } },
    {
      why: "clamped at both ends, the middle rounded up",
      args: pictures(1, 1, 1),
      values: { x: [-7, 0, 9], photo: [0, 0, 0], blend: [1, 0] },
    },
  ],
  bands: [
    {
      why: "odd width, batch 2",
      args: pictures(2, 9, 33),
      values: { blend: [0.5, 1] },
      bindingBytes: 2048,
    },
  ],
});
