import type { Gpu } from "../../src/gpu/open";
import { quads } from "../../src/kernels/kernel";
import { type WinogradConv, winogradConv } from "../../src/kernels/winograd_conv";
import { checkKernel } from "./check_kernel";

const tile = { lanes: 4, loaded: 1, loads: 2, run: 2 };

/** y (n, cOut, h, width) of 4 iq input channels, with factors and biases. */
function conv(n: number, iq: number, cOut: number, h: number, width: number): WinogradConv {
  const padded = 4 * quads(cOut);
  return {
    x: [n, 144 * iq, Math.ceil(h / 4), Math.ceil(width / 4)],
    w: [36 * padded, 4 * iq],
    d: [n, 4 + padded],
    dFirst: 4,
    b: [cOut],
    activate: true,
    cOut,
    h,
    width,
    tile,
  };
}

/** Channels are whole quads, as w is random: the padding of y is what w's makes of it, 0. */
checkKernel<WinogradConv>(winogradConv, {
  tolerance: 1e-5, // f32 sums of up to 28 products, and of 36
  features: ["subgroups"],
  adapt: (args, { subgroupSize }: Gpu) => ({
    ...args,
    tile: { ...args.tile, lanes: subgroupSize, loaded: subgroupSize >= 8 ? 2 : 1 },
  }),
  cases: [
    { why: "batch 2, sides that fill no tile, five quads out", args: conv(2, 7, 20, 9, 18) },
    { why: "one pixel", args: conv(1, 1, 4, 1, 1) },
    { why: "two workgroups, an odd number of tiles", args: conv(1, 1, 4, 43, 52) },
    {
      why: "neither factors, biases nor activation",
      args: { ...conv(1, 2, 4, 4, 8), d: undefined, b: undefined, activate: false },
    },
  ],
  bands: [{ why: "rows of tiles, batch 2", args: conv(2, 2, 4, 15, 9), bindingBytes: 12288 }],
});
