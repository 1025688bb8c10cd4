import { resizeBilinear } from "../../src/kernels/resize_bilinear";
import { checkReference, checkRefusals } from "./check_reference";

checkReference(resizeBilinear, {
  tolerance: 2e-6, // PyTorch's positions and weights are f32
  cases: [
    { name: "up", attributes: { size: { h: 8, w: 7 } } },
    { name: "down", attributes: { size: { h: 4, w: 3 } } },
    { name: "same", attributes: { size: { h: 3, w: 4 } } },
    { name: "one pixel", attributes: { size: { h: 3, w: 2 } } },
    { name: "to one pixel", attributes: { size: { h: 1, w: 1 } } },
  ],
});

checkRefusals(resizeBilinear, [
  [
    { x: [1, 3, 0, 4], size: { h: 4, w: 4 } },
    "resize_bilinear: x (1, 3, 0, 4) and the size 4 x 4 must be whole numbers from 1 on",
  ],
  [
    { x: [1, 3, 4, 4], size: { h: 4, w: 2.5 } },
    "resize_bilinear: x (1, 3, 4, 4) and the size 4 x 2.5 must be whole numbers from 1 on",
  ],
  [
    { x: [1, 3, 4, 4], size: { h: 0, w: 4 } },
    "resize_bilinear: x (1, 3, 4, 4) and the size 0 x 4 must be whole numbers from 1 on",
  ],
]);
