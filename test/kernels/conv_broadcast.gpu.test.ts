import { type ConvBroadcast, convBroadcast } from "../../src/kernels/conv_broadcast";
import { checkKernel } from "./check_kernel";

const tile = { lanes: 4, loaded: 1, loads: 2, run: 2 };
const padded = { stride: 1, pad: 1, transposed: false, activate: true, tile } as const;
const halving = { ...padded, stride: 2, pad: 0 } as const;
const twice = { ...padded, pad: 0, transposed: true, activate: false } as const;
const factors = (n: number, cOut: number) => ({ d: [n, 4 + 4 * Math.ceil(cOut / 4)], dFirst: 4 });

checkKernel<ConvBroadcast>(convBroadcast, {
  tolerance: 1e-5, // f32 sums of up to 9 * 25 products
  features: ["subgroups"],
  adapt: (args, { subgroupSize }) => ({
    ...args,
    tile: { ...args.tile, lanes: subgroupSize, loaded: subgroupSize >= 8 ? 2 : 1 },
  }),
  cases: [
    { why: "3x3, two quads in", args: { x: [3, 5, 8, 5], w: [17, 5, 3, 3], b: [17], ...padded } },
    { why: "one of everything", args: { x: [1, 1, 1, 1], w: [1, 1, 3, 3], b: [1], ...padded } },
    { why: "two workgroups", args: { x: [1, 1, 33, 33], w: [1, 1, 3, 3], b: [1], ...padded } },
    {
      why: "demodulated, seven quads in",
      args: { x: [2, 25, 4, 9], w: [9, 25, 3, 3], b: [9], ...factors(2, 9), ...padded },
    },
    {
      why: "RGB in, 1x1",
      args: { x: [3, 3, 5, 33], w: [5, 3, 1, 1], b: [5], ...padded, pad: 0 },
    },
    {
      why: "neither bias nor activation",
      args: { x: [1, 4, 2, 8], w: [4, 4, 3, 3], ...padded, activate: false },
    },
    { why: "stride 2, odd sides", args: { x: [1, 8, 9, 33], w: [8, 8, 3, 3], b: [8], ...halving } },
    { why: "stride 2, even", args: { x: [3, 3, 8, 4], w: [2, 3, 3, 3], b: [2], ...halving } },
    {
      why: "transposed, batch 3",
      args: { x: [3, 8, 5, 33], w: [8, 8, 3, 3], ...factors(3, 8), ...twice },
    },
    {
      why: "transposed, one pixel",
      args: { x: [1, 1, 1, 1], w: [1, 1, 3, 3], ...factors(1, 1), ...twice },
    },
    {
      why: "transposed, even sides",
      args: { x: [1, 25, 2, 8], w: [3, 25, 3, 3], ...factors(1, 3), ...twice },
    },
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
    {
      why: "transposed, bands that begin and end on odd rows",
      args: { x: [2, 8, 9, 16], w: [8, 8, 3, 3], ...factors(2, 8), ...twice },
      bindingBytes: 4608,
    },
  ],
});
