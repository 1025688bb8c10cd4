import { rgba8ToPlanes } from "../../src/kernels/rgba8_to_planes";
import { checkReference, checkRefusals } from "./check_reference";

checkReference(rgba8ToPlanes, {
  tolerance: 1e-6, // one rounding per operation in PyTorch, of numbers up to 1
  cases: [
    { name: "normalised", attributes: { normalise: true, grey: false } },
    { name: "unit", attributes: { normalise: false, grey: false } },
    { name: "grey", attributes: { normalise: true, grey: true } },
  ],
});

checkRefusals(rgba8ToPlanes, [
  [
    { x: [1, 3, 4, 4], normalise: true, grey: false },
    "rgba8_to_planes: x (1, 3, 4, 4) must be (n, 4, h, w)",
  ],
]);
