import { fir } from "../../src/kernels/fir";
import { checkReference, checkRefusals } from "./check_reference";

const blur = { pad: { before: 2, after: 2 }, stride: 1, gain: 1 } as const;
const sharp = { pad: { before: 1, after: 1 }, stride: 1, gain: 4 } as const;

checkReference(fir, {
  tolerance: 1e-6, // PyTorch filters rows, then columns, rounding to f32 between
  cases: [
    { name: "encoder blur", attributes: blur },
    { name: "after upsampling", attributes: sharp },
    { name: "after upsampling, plain", attributes: sharp },
    { name: "strided", attributes: { ...blur, pad: { before: 1, after: 1 }, stride: 2 } },
    { name: "one channel, one row", attributes: blur },
  ],
});

checkRefusals(fir, [
  [{ x: [1, 5, 8, 8], b: [4], ...blur }, "fir: b (4) must be (5), to fit x (1, 5, 8, 8)"],
  [
    { x: [1, 5, 8, 1], ...sharp },
    "fir: x (1, 5, 8, 1) padded by 1 and 1 must be at least 4 pixels wide",
  ],
]);
