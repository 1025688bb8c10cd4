import { rgba8ToPlanes } from "../../src/kernels/rgba8_to_planes";
import { checkKernel } from "./check_kernel";

checkKernel(rgba8ToPlanes, {
  tolerance: 1e-6, // 2 v / 255 - 1: three roundings of numbers up to 2
  fill: { x: (_, random) => Math.floor(Math.abs(100 * random())) % 256 },
  cases: [
    { why: "what GPEN takes", args: { x: [3, 4, 5, 33], normalise: true, grey: false } },
    { why: "what seg2face takes", args: { x: [1, 4, 8, 2], normalise: false, grey: false } },
    { why: "luminance", args: { x: [3, 4, 3, 4], normalise: true, grey: true } },
    {
      why: "each level's ends, red lowest",
      args: { x: [1, 4, 1, 1], normalise: true, grey: false },
      values: { x: [255, 0, 1, 128] },
    },
  ],
  bands: [
    {
      why: "odd width, batch 2",
      args: { x: [2, 4, 9, 33], normalise: true, grey: false },
      bindingBytes: 2048,
    },
  ],
});
