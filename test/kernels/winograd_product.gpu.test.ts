import type { Gpu } from "../../src/gpu/open";
import { type WinogradProduct, winogradProduct } from "../../src/kernels/winograd_product";
import { checkKernel } from "./check_kernel";

const tile = { lanes: 4, loaded: 1, loads: 2, run: 2 } as const;

/** cIn and cOut in quads. */
function product(n: number, iq: number, oq: number, rows: number, columns: number) {
  return { x: [n, 144 * iq, rows, columns], w: [144 * oq, 4 * iq], tile };
}

/** Subgroups of 8 and more load two quads at a time. */
const adapt = (args: WinogradProduct, { subgroupSize }: Gpu) => ({
  ...args,
  tile: { ...tile, lanes: subgroupSize, loaded: subgroupSize >= 8 ? 2 : 1 },
});

checkKernel<WinogradProduct>(winogradProduct, {
  tolerance: 1e-5, // f32 sums of up to 28 products
  features: ["subgroups"],
  adapt,
  cases: [
    { why: "batch 2, five quads in blocks of two or four", args: product(2, 7, 5, 3, 5) },
    { why: "one tile", args: product(1, 1, 1, 1, 1) },
    { why: "two workgroups, an odd number of tiles", args: product(1, 1, 2, 11, 13) },
  ],
  bands: [{ why: "rows of tiles, batch 2", args: product(2, 2, 1, 4, 3), bindingBytes: 8192 }],
});
