import wgsl from "../../shaders/winograd_input.wgsl?raw";
import { ShapeError } from "../errors";
import { numel, type Shape, show } from "../tensor";
import { ceilDiv, type Kernel, quads, type Rows, WORKGROUP } from "./kernel";
import { IMAGE, paddedChannels, VECTOR } from "./layout";
import { checkModulatedInput, halves, type ModulatedInput, modulatedInput } from "./modulation";
import { INPUT, POSITIONS, STRIP_BYTES, TILE, tiles } from "./winograd";

/** The input of a modulated convolution, or without s that of a plain one: x alone. */
export type WinogradInput = Omit<ModulatedInput, "s" | "sFirst"> & {
  readonly s?: Shape;
  readonly sFirst?: number;
};

/**
 * winograd_input: y = Bᵀ t B of every 6x6 patch t of concat(x, noise half) · s, for 3x3 taps with padding 1.
 *
 * Shapes    x (n or 1, cX, h, w), e (n, cE, h, w), e_activation (4 + cE), s (n, all styles)
 *           → y (n, 36 c, ⌈h/4⌉, ⌈w/4⌉); c holds cX and cE in whole quads, position outermost
 * Units     y is up to 20 times as large as t (rows 0 and 5 of Bᵀ: 1 + 2.5 + 1, squared)
 * Errors    ShapeError if the halves and the styles do not belong together
 * Cost      36 numbers stored and 36 loaded per 16 of x, 0.6 kFLOP; bound by memory
 * Accuracy  two sums of up to 6 terms; compared at 1e-6
 * Source    arXiv 1509.09308; GPEN face_model/gpen_model.py, NoiseInjection, ModulatedConv2d
 */
export const winogradInput: Kernel<WinogradInput> = {
  name: "winograd_input",
  wgsl,
  bindings: ["params", "x", "e", "e_activation", "s", "y"],
  stripBytes: STRIP_BYTES,

  outputShape(args) {
    const { x, e, s } = args;
    if (s) checkModulatedInput("winograd_input", modulated(args));
    if (!s && (e || x.length !== 4)) {
      throw new ShapeError(
        `winograd_input: without styles there must be four sides to x ${show(x)} and no e`,
      );
    }
    return [s ? s[0] : x[0], POSITIONS * paddedWidth(args), ...tiles(x[2], x[3])];
  },

  layouts: () => ({ x: IMAGE, e: IMAGE, e_activation: VECTOR, s: VECTOR, y: IMAGE }),

  plan(args, { n, count, row, rows, base }) {
    const { x, e, s, sFirst = 0 } = args;
    const [tileRows, columns] = tiles(x[2], x[3]);
    return {
      params: {
        rows,
        row_first: row,
        n_first: n,
        columns,
        tile_rows: tileRows,
        x_quads: quads(x[1]),
        e_quads: e ? quads(e[1]) : 0,
        h: x[2],
        w: x[3],
        x_rows_per_sample: s && x[0] === 1 ? 0 : x[2],
        s_first: sFirst / 4,
        s_stride: s ? quads(s[1]) : 0,
        x_base: base.x,
        e_base: base.e ?? 0,
        y_base: base.y,
        side: 6,
      },
      overrides: { CONCAT: Number(e !== undefined) },
      workgroups: [ceilDiv(rows * columns, WORKGROUP), paddedWidth(args) / 4, count],
    };
  },

  inputRows: ({ x }, _, [first, end]: Rows) => [
    Math.max(0, TILE * first - 1),
    Math.min(x[2], TILE * end + 1),
  ],

  reference(args, inputs) {
    const [n, , rows, columns] = winogradInput.outputShape(args);
    const [, , h, w] = args.x;
    const t = args.s ? modulatedInput(modulated(args), inputs) : inputs.x;
    const slots = paddedChannels(halves(args));
    const y = new Float32Array(numel(winogradInput.outputShape(args)));
    for (let i = 0; i < rows * columns; i++) {
      const [ty, tx] = [Math.floor(i / columns), i % columns];
      for (let plane = 0; plane < n * slots.length; plane++) {
        const [sample, c] = [Math.floor(plane / slots.length), slots[plane % slots.length]];
        const at = (r: number, k: number) => {
          const [iy, ix] = [TILE * ty + r - 1, TILE * tx + k - 1];
          return iy < 0 || iy >= h || ix < 0 || ix >= w ? 0 : t[(plane * h + iy) * w + ix];
        };
        for (let p = 0; p < POSITIONS; p++) {
          const [rowOf, columnOf] = [INPUT[Math.floor(p / 6)], INPUT[p % 6]];
          let sum = 0;
          for (let r = 0; r < 6; r++)
            for (let k = 0; k < 6; k++)
              if (rowOf[r] * columnOf[k]) sum += rowOf[r] * columnOf[k] * at(r, k);
          const channel = (sample * POSITIONS + p) * paddedWidth(args) + c;
          y[(channel * rows + ty) * columns + tx] = sum;
        }
      }
    }
    return y;
  },
};

/** Channels of the input in whole quads. */
function paddedWidth(args: WinogradInput): number {
  return 4 * halves(args).reduce((sum, c) => sum + quads(c), 0);
}

function modulated({ s, sFirst = 0, ...args }: WinogradInput): ModulatedInput {
  return { ...args, s: s!, sFirst };
}
