import wgsl from "../../shaders/winograd_input.wgsl?raw";
import type { Shape } from "../tensor";
import { ceilDiv, type Kernel, quads, type Rows, STRIP_BYTES, WORKGROUP } from "./kernel";
import { IMAGE } from "./layout";
import { sizesOf } from "./sizes";
import { POSITIONS, TILE, tiles } from "./winograd";

export interface WinogradInput {
  /** Already scaled by the layer's style, where there is one. */
  readonly x: Shape;
}

/**
 * winograd_input: y = Bᵀ t B of every 6x6 patch t of x, for 3x3 taps with padding 1.
 *
 * Shapes    x (n, c, h, w) → y (n, 36 c, ⌈h/4⌉, ⌈w/4⌉); c in whole quads, position outermost
 * Units     y is up to 20 times as large as t (rows 0 and 5 of Bᵀ: 1 + 2.5 + 1, squared)
 * Errors    ShapeError unless x has four sides
 * Cost      36 numbers stored and 36 loaded per 16 of x, 0.6 kFLOP; bound by memory
 * Accuracy  two sums of up to 6 terms; compared at 2e-6
 * Source    arXiv 1509.09308
 */
export const winogradInput: Kernel<WinogradInput> = {
  name: "winograd_input",
  wgsl,
  bindings: ["params", "x", "y"],
  stripBytes: STRIP_BYTES,

  outputShape(args) {
    const { n, c, h, w } = sizesOf("winograd_input", args, { x: "n c h w" });
    return [n, POSITIONS * 4 * quads(c), ...tiles(h, w)];
  },

  layouts: () => ({ x: IMAGE, y: IMAGE }),

  plan({ x }, { n, count, row, rows, base }) {
    const [tileRows, columns] = tiles(x[2], x[3]);
    return {
      params: {
        rows,
        row_first: row,
        n_first: n,
        columns,
        tile_rows: tileRows,
        c_quads: quads(x[1]),
        h: x[2],
        w: x[3],
        x_base: base.x,
        y_base: base.y,
        side: 6,
      },
      workgroups: [ceilDiv(rows * columns, WORKGROUP), quads(x[1]), count],
    };
  },

  inputRows: ({ x }, _, [first, end]: Rows) => [
    Math.max(0, TILE * first - 1),
    Math.min(x[2], TILE * end + 1),
  ],
};
