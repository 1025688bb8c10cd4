import wgsl from "../../shaders/winograd_conv.wgsl?raw";
import type { Shape } from "../tensor";
import type { BroadcastTile } from "./conv_broadcast";
import { ceilDiv, type Kernel, quads, WORKGROUP } from "./kernel";
import { IMAGE, VECTOR } from "./layout";
import { TILE, WINOGRAD_WEIGHTS } from "./winograd";
import { type WinogradOutput, winogradOutput } from "./winograd_output";
import { type WinogradProduct, winogradProduct } from "./winograd_product";

export interface WinogradConv extends WinogradOutput {
  readonly w: Shape;
  readonly tile: BroadcastTile;
}

/**
 * winograd_conv: y = act(d · Aᵀ (w x) A + b), winograd_product and winograd_output in one, so that
 * products are never stored.
 *
 * Shapes    x (n, 36 cIn, ⌈h/4⌉, ⌈width/4⌉), w (36 ⌈cOut/4⌉ 4, cIn) in the order of its layout,
 *           d (n, all factors), b (cOut) → y (n, cOut, h, width); cIn is a multiple of 4
 * Units     as conv2d and modulated_conv3x3, whose sums it makes
 * Errors    ShapeError as winograd_product and winograd_output
 * Cost      72 cIn + 480 FLOP per 16 numbers; arithmetic bound; 16 sums per number in flight take
 *           32 KB of the stack of eight threads, too many registers for graphics cards
 * Accuracy  f32 sums of cIn terms and of 36; compared at 1e-5
 * Source    arXiv 1509.09308; GPEN face_model/gpen_model.py, EqualConv2d, ModulatedConv2d
 */
export const winogradConv: Kernel<WinogradConv> = {
  name: "winograd_conv",
  wgsl,
  bindings: ["params", "x", "w", "d", "b", "y"],
  bandRows: TILE,

  outputShape: (args) => winogradOutput.outputShape({ ...args, x: products(args) }),

  layouts: () => ({ x: IMAGE, w: WINOGRAD_WEIGHTS, d: VECTOR, b: VECTOR, y: IMAGE }),

  plan(args, { n, count, row, rows, base }) {
    const { x, w, d, dFirst = 0, b, activate, cOut, h, width, tile } = args;
    const { lanes, loaded, loads, run } = tile;
    const first = Math.floor(row / TILE);
    // A band holds all rows of several samples, or some rows of one: either way consecutive ones.
    const tiles = count * (ceilDiv(row + rows, TILE) - first) * x[3];
    const columns = ceilDiv(tiles, run);
    const chunks = ceilDiv(columns, lanes);
    const blocks = ceilDiv(quads(cOut), loaded * loads);
    return {
      params: {
        lanes,
        chunks,
        tiles,
        columns,
        tile_first: n * x[2] + first,
        tile_rows: x[2],
        tiles_x: x[3],
        rows,
        row_first: row,
        c_out_quads: quads(cOut),
        c_in_quads: w[1] / 4,
        h,
        w: width,
        d_first: dFirst / 4,
        d_stride: d ? quads(d[1]) : 0,
        flags: Number(!!d) + 2 * Number(!!b) + 4 * Number(activate),
        x_base: base.x,
        y_base: base.y,
        block_quads: loaded * loads,
        outputs: TILE * TILE,
      },
      prelude: { LOADED: loaded, LOADS: loads, RUN: run },
      workgroups: [ceilDiv(chunks * blocks * lanes, WORKGROUP), 1, 1],
    };
  },

  inputRows: winogradOutput.inputRows,

  macs: ({ x, w }) => winogradProduct.macs!({ x, w } as WinogradProduct),
};

/** The shape of the products; throws a ShapeError if w does not fit x. */
export function products(args: WinogradConv): Shape {
  return winogradProduct.outputShape(args);
}
