import { rgba8ToPlanes } from "../../src/kernels/rgba8_to_planes";
import { checkKernel } from "./check_kernel";

const gpen = { normalise: true, grey: false } as const;

checkKernel(rgba8ToPlanes, {
  tolerance: 1e-5, // source positions of up to 33 in f32
  fill: { x: (_, random) => Math.floor(Math.abs(100 * random())) % 256 },
  cases: [
    { why: "what GPEN takes", args: { x: [3, 4, 5, 33], size: { h: 5, w: 33 }, ...gpen } },
    {
      why: "what seg2face takes",
      args: { x: [1, 4, 8, 2], size: { h: 8, w: 2 }, normalise: false, grey: false },
    },
    {
      why: "luminance, down",
      args: { x: [3, 4, 9, 8], size: { h: 4, w: 3 }, normalise: true, grey: true },
    },
    {
      why: "each level's ends, red lowest",
      args: { x: [1, 4, 1, 1], size: { h: 1, w: 1 }, ...gpen },
      values: { x: [255, 0, 1, 128] },
    },
    { why: "up by an odd factor", args: { x: [3, 4, 5, 8], size: { h: 33, w: 17 }, ...gpen } },
    { why: "down, batch 3", args: { x: [3, 4, 33, 8], size: { h: 8, w: 3 }, ...gpen } },
    { why: "one pixel spread", args: { x: [1, 4, 1, 1], size: { h: 3, w: 2 }, ...gpen } },
    { why: "to one pixel", args: { x: [1, 4, 4, 5], size: { h: 1, w: 1 }, ...gpen } },
  ],
  bands: [
    {
      why: "odd width, batch 2",
      args: { x: [2, 4, 9, 33], size: { h: 9, w: 33 }, ...gpen },
      bindingBytes: 2048,
    },
    {
      why: "up, batch 2",
      args: { x: [2, 4, 9, 17], size: { h: 33, w: 33 }, ...gpen },
      bindingBytes: 2048,
    },
    {
      why: "down",
      args: { x: [2, 4, 33, 17], size: { h: 8, w: 9 }, ...gpen },
      bindingBytes: 1536,
    },
  ],
});
