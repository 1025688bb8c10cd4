import { conv2d } from "../../src/kernels/conv2d";
import { checkKernel } from "./check_kernel";

const plain = { stride: 1, pad: 0, activate: false } as const;
const padded = { stride: 1, pad: 1, activate: true } as const;
const halving = { stride: 2, pad: 0, activate: true } as const;

checkKernel(conv2d, {
  tolerance: 1e-5, // f32 sums of up to 9 * 17 products, in another order than the reference's f64
  cases: [
    { why: "3x3, two quads in", args: { x: [3, 5, 8, 5], w: [17, 5, 3, 3], b: [17], ...padded } },
    { why: "3x3, one pixel", args: { x: [1, 4, 1, 1], w: [8, 4, 3, 3], b: [8], ...padded } },
    { why: "one channel", args: { x: [1, 1, 2, 1], w: [1, 1, 3, 3], b: [1], ...padded } },
    { why: "wider than a run", args: { x: [1, 2, 3, 33], w: [3, 2, 3, 3], b: [3], ...padded } },
    { why: "two workgroups", args: { x: [1, 1, 33, 33], w: [1, 1, 3, 3], b: [1], ...padded } },
    { why: "RGB in", args: { x: [3, 3, 5, 33], w: [5, 3, 1, 1], b: [5], ...padded, pad: 0 } },
    { why: "1x1 alone", args: { x: [1, 17, 2, 8], w: [4, 17, 1, 1], ...plain } },
    { why: "stride 2, odd sides", args: { x: [1, 8, 9, 33], w: [8, 8, 3, 3], b: [8], ...halving } },
    { why: "stride 2, even", args: { x: [3, 3, 8, 4], w: [2, 3, 3, 3], b: [2], ...halving } },
  ],
  bands: [
    {
      why: "odd width, batch 2, rows above and below",
      args: { x: [2, 5, 11, 33], w: [3, 5, 3, 3], b: [3], ...padded },
      bindingBytes: 4096,
    },
    {
      why: "stride 2",
      args: { x: [2, 4, 33, 17], w: [8, 4, 3, 3], b: [8], ...halving },
      bindingBytes: 2560,
    },
  ],
});
