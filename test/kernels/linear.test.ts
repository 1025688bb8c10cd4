import { linear } from "../../src/kernels/linear";
import { checkReference, checkRefusals } from "./check_reference";

checkReference(linear, {
  tolerance: 2e-6, // up to 300 products, summed in f32 by PyTorch
  cases: [
    { name: "mapping", attributes: { activate: true } },
    { name: "odd sides", attributes: { activate: false } },
    { name: "one number", attributes: { activate: true } },
    { name: "more than a workgroup", attributes: { activate: true } },
  ],
});

checkRefusals(linear, [
  [
    { x: [1, 8], w: [4, 7], b: [4], activate: true },
    "linear: w (4, 7) must be (m, 8), to fit x (1, 8)",
  ],
  [
    { x: [1, 8], w: [4, 8], b: [5], activate: true },
    "linear: b (5) must be (4), to fit x (1, 8), w (4, 8)",
  ],
]);
