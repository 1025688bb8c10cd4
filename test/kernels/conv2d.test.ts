import { conv2d } from "../../src/kernels/conv2d";
import { checkReference, checkRefusals } from "./check_reference";

const plain = { stride: 1, pad: 0, activate: false } as const;

checkReference(conv2d, {
  tolerance: 1e-6, // sums of up to 72 products, PyTorch's in f32
  cases: [
    { name: "first layer", attributes: { ...plain, activate: true } },
    { name: "stride 2", attributes: { stride: 2, pad: 0, activate: true } },
    { name: "padded", attributes: { stride: 1, pad: 1, activate: true } },
    { name: "no bias, no activation", attributes: plain },
    { name: "bias alone", attributes: { ...plain, pad: 1 } },
    { name: "one pixel left", attributes: { stride: 2, pad: 0, activate: true } },
  ],
});

checkRefusals(conv2d, [
  [
    { x: [1, 4, 8, 8], w: [2, 3, 3, 3], ...plain },
    "conv2d: w (2, 3, 3, 3) must be (cOut, 4, k, k), to fit x (1, 4, 8, 8)",
  ],
  [
    { x: [1, 4, 8, 8], w: [2, 4, 5, 5], ...plain },
    "conv2d: w (2, 4, 5, 5) must have 1x1 or 3x3 taps",
  ],
  [
    { x: [1, 4, 8, 8], w: [2, 4, 3, 3], b: [3], ...plain },
    "conv2d: b (3) must be (2), to fit x (1, 4, 8, 8), w (2, 4, 3, 3)",
  ],
  [
    { x: [1, 4, 8, 2], w: [2, 4, 3, 3], ...plain },
    "conv2d: x (1, 4, 8, 2) with pad 0 is smaller than the 3x3 taps",
  ],
]);
