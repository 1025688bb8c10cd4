import wgsl from "../../shaders/winograd_output.wgsl?raw";
import type { Shape } from "../tensor";
import { ceilDiv, type Kernel, quads, type Rows, WORKGROUP } from "./kernel";
import { IMAGE, VECTOR } from "./layout";
import { checkFactors } from "./modulation";
import { sizesOf } from "./sizes";
import { POSITIONS, TILE, tiles } from "./winograd";

export interface WinogradOutput {
  readonly x: Shape;
  /** (n, demodulation factors of all layers), see demodulation; this layer's start at dFirst. */
  readonly d?: Shape;
  readonly dFirst?: number;
  readonly b?: Shape;
  readonly activate: boolean;
  /** Of y, which x rounds up to whole quads and tiles. */
  readonly cOut: number;
  readonly h: number;
  readonly width: number;
}

/**
 * winograd_output: y = act(d · Aᵀ m A + b) of every 6x6 patch m of products, 4x4 outputs from each.
 *
 * Shapes    x (n, 36 ⌈cOut/4⌉ 4, ⌈h/4⌉, ⌈width/4⌉), d (n, all factors), b (cOut) → y (n, cOut, h, width)
 * Units     as conv2d and modulated_conv3x3, whose sums it makes
 * Errors    ShapeError if x does not hold the tiles of y, or factors or biases are missing
 * Cost      16 numbers stored and 144 loaded per tile and channel; bound by memory
 * Accuracy  two sums of up to 6 terms; the whole convolution in f32 differs from the direct sum by
 *           about 1e-6 of the largest output
 * Source    arXiv 1509.09308; GPEN face_model/gpen_model.py, EqualConv2d, ModulatedConv2d
 */
export const winogradOutput: Kernel<WinogradOutput> = {
  name: "winograd_output",
  wgsl,
  bindings: ["params", "x", "d", "b", "y"],
  bandRows: TILE,

  outputShape(args) {
    const { d, dFirst = 0, cOut, h, width } = args;
    const [rows, columns] = tiles(h, width);
    const c = POSITIONS * 4 * quads(cOut);
    const patterns = { x: `n ${c} ${rows} ${columns}`, d: "n factors", b: `${cOut}` };
    const { n } = sizesOf(`winograd_output of (n, ${cOut}, ${h}, ${width})`, args, patterns);
    if (d) checkFactors("winograd_output", d, dFirst, cOut);
    return [n, cOut, h, width];
  },

  layouts: () => ({ x: IMAGE, d: VECTOR, b: VECTOR, y: IMAGE }),

  plan({ x, d, dFirst = 0, b, activate, cOut, h, width }, { n, count, row, rows, base }) {
    const threads = rows * x[3];
    return {
      params: {
        threads,
        row_first: row,
        n_first: n,
        tile_rows: x[2],
        columns: x[3],
        c_out_quads: quads(cOut),
        h,
        w: width,
        d_first: dFirst / 4,
        d_stride: d ? quads(d[1]) : 0,
        flags: Number(!!d) + 2 * Number(!!b) + 4 * Number(activate),
        x_base: base.x,
        y_base: base.y,
        side: 6,
      },
      workgroups: [ceilDiv(threads, WORKGROUP), quads(cOut), count],
    };
  },

  inputRows: (_args, _name, [first, end]: Rows) => [Math.floor(first / TILE), ceilDiv(end, TILE)],
};
