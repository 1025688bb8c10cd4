import { modulatedConv3x3 } from "../../src/kernels/modulated_conv3x3";
import { checkReference, checkRefusals } from "./check_reference";

const first = { sFirst: 0, dFirst: 0 };

checkReference(modulatedConv3x3, {
  tolerance: 2e-6, // sums of up to 144 products; PyTorch scales by the style in f32
  cases: [
    { name: "both halves", attributes: { sFirst: 8, dFirst: 4 } },
    { name: "constant input", attributes: first },
    { name: "no bias", attributes: first },
    { name: "normalised styles", attributes: first },
  ],
});

const right = {
  x: [2, 4, 8, 8],
  e: [2, 3, 8, 8],
  e_activation: [7],
  w: [5, 7, 3, 3],
  s: [2, 16],
  sFirst: 4,
  d: [2, 12],
  dFirst: 4,
};

checkRefusals(modulatedConv3x3, [
  [
    { ...right, x: [3, 4, 8, 8] },
    "modulated_conv3x3: x (3, 4, 8, 8) must be (2, cX, h, w), to fit s (2, 16)",
  ],
  [
    { ...right, e: [2, 3, 8, 4] },
    "modulated_conv3x3: e (2, 3, 8, 4) must be (2, cE, 8, 8), to fit s (2, 16), x (2, 4, 8, 8)",
  ],
  [
    { ...right, e_activation: [3] },
    "modulated_conv3x3: e_activation (3) must be (7), to fit s (2, 16), x (2, 4, 8, 8), e (2, 3, 8, 8)",
  ],
  [
    { ...right, e_activation: undefined },
    "modulated_conv3x3: e_activation () must be (7), to fit s (2, 16), x (2, 4, 8, 8), e (2, 3, 8, 8)",
  ],
  [
    { ...right, w: [5, 4, 3, 3] },
    "modulated_conv3x3: w (5, 4, 3, 3) must be (cOut, 7, 3, 3), to fit s (2, 16), x (2, 4, 8, 8), e (2, 3, 8, 8), e_activation (7)",
  ],
  [
    { ...right, w: [5, 7, 1, 1] },
    "modulated_conv3x3: w (5, 7, 1, 1) must be (cOut, 7, 3, 3), to fit s (2, 16), x (2, 4, 8, 8), e (2, 3, 8, 8), e_activation (7)",
  ],
  [
    { ...right, sFirst: 12 },
    "modulated_conv3x3: styles 12 to 20 must lie within s (2, 16), in whole quads",
  ],
  [
    { ...right, sFirst: 2 },
    "modulated_conv3x3: styles 2 to 10 must lie within s (2, 16), in whole quads",
  ],
  [
    { ...right, dFirst: 8 },
    "modulated_conv3x3: demodulation 8 to 13 must lie within d (2, 12), in whole quads",
  ],
  [
    { ...right, d: [1, 12] },
    "modulated_conv3x3: d (1, 12) must be (2, factors), to fit s (2, 16), x (2, 4, 8, 8), e (2, 3, 8, 8), e_activation (7), w (5, 7, 3, 3)",
  ],
  [
    { ...right, b: [4] },
    "modulated_conv3x3: b (4) must be (5), to fit s (2, 16), x (2, 4, 8, 8), e (2, 3, 8, 8), e_activation (7), w (5, 7, 3, 3), d (2, 12)",
  ],
]);
