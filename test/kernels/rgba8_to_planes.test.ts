import { rgba8ToPlanes } from "../../src/kernels/rgba8_to_planes";
import { checkReference, checkRefusals } from "./check_reference";

const same = { h: 3, w: 5 };
const gpen = { normalise: true, grey: false } as const;

checkReference(rgba8ToPlanes, {
  tolerance: 2e-6, // PyTorch's positions and weights are f32
  cases: [
    { name: "normalised", attributes: { size: same, ...gpen } },
    { name: "unit", attributes: { size: same, normalise: false, grey: false } },
    { name: "grey", attributes: { size: same, normalise: true, grey: true } },
    { name: "up", attributes: { size: { h: 8, w: 7 }, ...gpen } },
    { name: "down", attributes: { size: { h: 4, w: 3 }, normalise: false, grey: false } },
    { name: "down, grey", attributes: { size: { h: 4, w: 3 }, normalise: true, grey: true } },
    { name: "one pixel", attributes: { size: { h: 3, w: 2 }, ...gpen } },
    { name: "to one pixel", attributes: { size: { h: 1, w: 1 }, ...gpen } },
  ],
});

checkRefusals(rgba8ToPlanes, [
  [
    { x: [1, 3, 4, 4], size: { h: 4, w: 4 }, ...gpen },
    "rgba8_to_planes: x (1, 3, 4, 4) must be (n, 4, hIn, wIn)",
  ],
  [
    { x: [1, 4, 0, 4], size: { h: 4, w: 4 }, ...gpen },
    "rgba8_to_planes: x (1, 4, 0, 4) and the size 4 x 4 must be whole numbers from 1 on",
  ],
  [
    { x: [1, 4, 4, 4], size: { h: 4, w: 2.5 }, ...gpen },
    "rgba8_to_planes: x (1, 4, 4, 4) and the size 4 x 2.5 must be whole numbers from 1 on",
  ],
  [
    { x: [1, 4, 4, 4], size: { h: 0, w: 4 }, ...gpen },
    "rgba8_to_planes: x (1, 4, 4, 4) and the size 0 x 4 must be whole numbers from 1 on",
  ],
]);
