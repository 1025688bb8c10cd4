import wgsl from "../../shaders/winograd_product.wgsl?raw";
import { ShapeError } from "../errors";
import { numel, type Shape, show } from "../tensor";
import type { BroadcastTile } from "./conv_broadcast";
import { ceilDiv, type Kernel, STRIP_BYTES, WORKGROUP } from "./kernel";
import { IMAGE } from "./layout";
import { sizesOf } from "./sizes";
import { POSITIONS, WINOGRAD_WEIGHTS } from "./winograd";

export interface WinogradProduct {
  readonly x: Shape;
  readonly w: Shape;
  readonly tile: BroadcastTile;
}

/**
 * winograd_product: y = w x for each of the 36 positions of transformed tiles, where threads of a subgroup
 * share weights by broadcast.
 *
 * Shapes    x (n, 36 cIn, tile rows, tile columns), w (36 cOut, cIn) in the order of its layout
 *           → y (n, 36 cOut, tile rows, tile columns); cIn and cOut are multiples of 4
 * Units     those of winograd_input and of the transformed weights
 * Errors    ShapeError if channels do not agree
 * Cost      72 cIn FLOP per 16 numbers of the convolution; arithmetic bound from 64 channels on
 * Accuracy  f32 sums of cIn terms; compared at 1e-5
 * Source    arXiv 1509.09308, equation 12
 */
export const winogradProduct: Kernel<WinogradProduct> = {
  name: "winograd_product",
  wgsl,
  bindings: ["params", "x", "w", "y"],
  stripBytes: STRIP_BYTES,

  outputShape(args) {
    const { w } = args;
    const patterns = { w: "rows cIn", x: `n ${POSITIONS * w[1]} h width` };
    const { n, rows, cIn, h, width } = sizesOf("winograd_product", args, patterns);
    if (rows % (4 * POSITIONS) !== 0 || cIn % 4 !== 0) {
      throw new ShapeError(`winograd_product: w ${show(w)} must be (36 cOut, cIn) in whole quads`);
    }
    return [n, rows, h, width];
  },

  layouts: () => ({ x: IMAGE, w: WINOGRAD_WEIGHTS, y: IMAGE }),

  plan({ x, w, tile }, { n, count, row, rows, base }) {
    const { lanes, loaded, loads, run } = tile;
    const cOutQuads = w[0] / (4 * POSITIONS);
    // A band holds all rows of several samples, or some rows of one: either way consecutive ones.
    const tiles = count * rows * x[3];
    const columns = ceilDiv(tiles, run);
    const chunks = ceilDiv(columns, lanes);
    const blocks = ceilDiv(cOutQuads, loaded * loads);
    return {
      params: {
        lanes,
        chunks,
        tiles,
        columns,
        row_first: n * x[2] + row,
        tiles_x: x[3],
        c_out_quads: cOutQuads,
        c_in_quads: w[1] / 4,
        x_base: base.x,
        y_base: base.y,
      },
      prelude: { LOADED: loaded, LOADS: loads, RUN: run },
      workgroups: [ceilDiv(chunks * blocks * lanes, WORKGROUP), 1, POSITIONS],
    };
  },

  inputRows: (_args, _name, rows) => rows,

  macs: ({ x, w }) => numel(x) * (w[0] / POSITIONS),
};
