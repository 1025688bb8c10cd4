import wgsl from "../../shaders/conv_tile.wgsl?raw";
import { ShapeError } from "../errors";
import { type Shape, show } from "../tensor";
import { conv2d } from "./conv2d";
import { type AnyKernel, ceilDiv, type Kernel, quads } from "./kernel";
import { convWeights, IMAGE, inputQuads, VECTOR } from "./layout";
import { modulatedConv3x3 } from "./modulated_conv3x3";
import { modulatedUpconv3x3 } from "./modulated_upconv3x3";
import { halves, type ModulatedInput } from "./modulation";
import { blockQuads, staging, type Tile } from "./tile";

/** A call of conv2d (no s), of modulated_conv3x3 or of modulated_upconv3x3. */
export interface ConvTile extends Omit<ModulatedInput, "s" | "sFirst"> {
  readonly w: Shape;
  readonly s?: Shape;
  readonly sFirst?: number;
  readonly d?: Shape;
  readonly dFirst?: number;
  readonly b?: Shape;
  readonly stride: 1 | 2;
  readonly pad: number;
  /** The transposed convolution, whose output has 2 h + 1 rows; stride 1, pad 0. */
  readonly transposed: boolean;
  /** Of conv2d; modulated layers activate where they have a bias. */
  readonly activate: boolean;
  readonly tile: Tile;
  /** More than one: so many sums over part of the input each, for sum_parts to add up; no b, no activation. */
  readonly splits?: number;
}

/**
 * conv_tile: y = act(d · conv(concat(x, noise half) · s, w) + b), 1x1 or 3x3 taps of stride 1 or 2, or transposed,
 * from tiles that are staged in workgroup memory. For graphics cards.
 *
 * Shapes    x (n or 1, cX, hIn, wIn), e (n, cE, hIn, wIn), w (cOut, cX + cE, k, k), s (n, all styles),
 *           d (n, all factors), b (cOut) → y (n, splits cOut, h, w), h and w as the readable kernel has them
 * Units     as conv2d, modulated_conv3x3 and modulated_upconv3x3
 * Errors    ShapeError as theirs, and if a tile exceeds workgroup memory
 * Cost      2 cIn k² FLOP per output number, transposed per input pixel; arithmetic bound. Per four
 *           input channels a thread issues 288 run · quads FLOP, and some 60 other instructions
 * Accuracy  f32 sums of 9 cIn terms, by input quads and then columns of taps; compared at 1e-5
 * Source    GPEN face_model/gpen_model.py, EqualConv2d, StyledConv
 */
export const convTile: Kernel<ConvTile> = {
  name: "conv_tile",
  wgsl,
  bindings: ["params", "x", "e", "e_activation", "w", "s", "d", "b", "y"],

  outputShape(args) {
    const [n, cOut, h, w] = readable(args).outputShape(args);
    const { splits = 1, b, activate } = args;
    if (splits > 1 && (cOut % 4 !== 0 || b || activate)) {
      throw new ShapeError(
        `conv_tile: w ${show(args.w)} must have a multiple of 4 outputs, and neither bias nor activation, to be split into ${splits} sums`,
      );
    }
    staging(args);
    return [n, splits * cOut, h, w];
  },

  layouts: (args) => ({
    x: IMAGE,
    e: IMAGE,
    e_activation: VECTOR,
    w: convWeights(halves(args)),
    s: VECTOR,
    d: VECTOR,
    b: VECTOR,
    y: IMAGE,
  }),

  plan(args, { n, count, row, rows, base }) {
    const { tile, transposed, b, s, splits = 1 } = args;
    const [, , h, w] = convTile.outputShape(args);
    const cOutQuads = quads(args.w[0]);
    const blocks = ceilDiv(cOutQuads, blockQuads(tile));
    const step = transposed ? 2 : 1;
    const tilesX = ceilDiv(ceilDiv(w, step), tile.columns);
    const tilesY = ceilDiv(ceilDiv(rows, step), tile.runs * tile.run);
    return {
      params: {
        tiles_x: tilesX,
        row_first: row,
        rows,
        n_first: n,
        c_out_quads: cOutQuads,
        blocks,
        splits,
        split_quads: splitQuads(args),
        ...inputParams(args),
        h,
        w,
        pad: args.pad,
        s_first: (args.sFirst ?? 0) / 4,
        s_stride: s ? quads(s[1]) : 0,
        d_first: (args.dFirst ?? 0) / 4,
        d_stride: args.d ? quads(args.d[1]) : 0,
        x_base: base.x,
        e_base: base.e ?? 0,
        y_base: base.y,
      },
      prelude: staging(args),
      overrides: {
        MODULATE: Number(s !== undefined),
        BIAS: Number(b !== undefined),
        ACTIVATE: Number(s ? b !== undefined : args.activate),
      },
      workgroups: [tilesX * tilesY * step * step, blocks * splits, count],
    };
  },

  inputRows: (args, name, rows) => readable(args).inputRows!(args, name, rows),

  macs: (args) => readable(args).macs!(args),
};

/** Input quads of a split: whole chunks. */
export function splitQuads(args: ConvTile): number {
  const { CHUNK } = staging(args);
  return ceilDiv(ceilDiv(inputQuads(halves(args)), CHUNK), args.splits ?? 1) * CHUNK;
}

/** The kernel that this call replaces. */
export function readable({ s, transposed }: ConvTile): AnyKernel {
  if (!s) return conv2d;
  return transposed ? modulatedUpconv3x3 : modulatedConv3x3;
}

function inputParams({ x, e }: ConvTile) {
  return {
    x_quads: quads(x[1]),
    e_quads: e ? quads(e[1]) : 0,
    h_in: x[2],
    w_in: x[3],
    x_rows_per_sample: x[0] === 1 ? 0 : x[2],
  };
}
