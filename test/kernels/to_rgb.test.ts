import { toRgb } from "../../src/kernels/to_rgb";
import { checkReference, checkRefusals } from "./check_reference";

checkReference(toRgb, {
  tolerance: 1e-6, // up to 11 products, PyTorch's scaled by the style in f32
  cases: [
    { name: "first", attributes: { sFirst: 4 } },
    { name: "with skip", attributes: { sFirst: 0 } },
    { name: "no encoder half", attributes: { sFirst: 0 } },
  ],
});

const right = { x: [2, 4, 8, 8], w: [3, 4, 1, 1], s: [2, 8], sFirst: 4, b: [3] };

checkRefusals(toRgb, [
  [
    { ...right, w: [3, 4, 3, 3] },
    "to_rgb: w (3, 4, 3, 3) must be (3, 4, 1, 1), to fit s (2, 8), x (2, 4, 8, 8)",
  ],
  [{ ...right, sFirst: 8 }, "to_rgb: styles 8 to 12 must lie within s (2, 8), in whole quads"],
  [
    { ...right, w: [4, 4, 1, 1] },
    "to_rgb: w (4, 4, 1, 1) must be (3, 4, 1, 1), to fit s (2, 8), x (2, 4, 8, 8)",
  ],
  [
    { ...right, b: [4] },
    "to_rgb: b (4) must be (3), to fit s (2, 8), x (2, 4, 8, 8), w (3, 4, 1, 1)",
  ],
  [
    { ...right, skip: [2, 3, 8, 8] },
    "to_rgb: skip (2, 3, 8, 8) must be (2, 3, 4, 4), to fit s (2, 8), x (2, 4, 8, 8), w (3, 4, 1, 1), b (3)",
  ],
]);
