import { planesToRgba8 } from "../../src/kernels/planes_to_rgba8";
import { checkReference, checkRefusals } from "./check_reference";

checkReference(planesToRgba8, {
  tolerance: 0, // whole levels, computed in f64 on both sides
  cases: [
    { name: "network alone", attributes: { normalise: true } },
    { name: "half", attributes: { normalise: true } },
    { name: "photo's luminance", attributes: { normalise: false } },
    { name: "all", attributes: { normalise: true } },
  ],
});

const right = { x: [1, 3, 4, 4], photo: [1, 3, 4, 4], blend: [2], normalise: true } as const;

checkRefusals(planesToRgba8, [
  [{ ...right, x: [1, 4, 4, 4] }, "planes_to_rgba8: x (1, 4, 4, 4) must be (n, 3, h, w)"],
  [
    { ...right, photo: [1, 3, 8, 8] },
    "planes_to_rgba8: photo (1, 3, 8, 8) must be (1, 3, 4, 4), to fit x (1, 3, 4, 4)",
  ],
  [
    { ...right, blend: [1] },
    "planes_to_rgba8: blend (1) must be (2), to fit x (1, 3, 4, 4), photo (1, 3, 4, 4)",
  ],
]);
