import wgsl from "../../shaders/conv_tile.wgsl?raw";
import { ShapeError } from "../errors";
import { type Shape, show } from "../tensor";
import { conv2d } from "./conv2d";
import { type AnyKernel, ceilDiv, type Kernel, quads } from "./kernel";
import { convWeights, IMAGE, VECTOR } from "./layout";
import { modulatedConv3x3 } from "./modulated_conv3x3";
import { modulatedUpconv3x3 } from "./modulated_upconv3x3";
import { halves, type ModulatedInput } from "./modulation";

const THREADS = 128; // equals @workgroup_size
const SHARED_LOADS = (16 * 1024) / (16 * THREADS); // vec4s of workgroup memory per thread

/** A call of conv2d with 3x3 taps (no s), of modulated_conv3x3 or of modulated_upconv3x3. */
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
}

/** What a workgroup of 128 threads computes: columns · runs · run pixels of 128 / (columns · runs) · quads quads. */
export interface Tile {
  /** Pixels beside one another; divides 128 together with `runs`. */
  readonly columns: number;
  /** Runs below one another. */
  readonly runs: number;
  /** Pixels below one another of a thread. */
  readonly run: number;
  /** Output quads of a thread. */
  readonly quads: number;
}

/**
 * conv_tile: y = act(d · conv(concat(x, noise half) · s, w) + b), 3x3 taps of stride 1 or 2 or transposed,
 * from tiles that are staged in workgroup memory. For graphics cards.
 *
 * Shapes    x (n or 1, cX, hIn, wIn), e (n, cE, hIn, wIn), w (cOut, cX + cE, 3, 3), s (n, all styles),
 *           d (n, all factors), b (cOut) → y (n, cOut, h, w), as the readable kernel of the call has it
 * Units     as conv2d, modulated_conv3x3 and modulated_upconv3x3
 * Errors    ShapeError as theirs, and if the taps are not 3x3 or a tile exceeds workgroup memory
 * Cost      18 cIn FLOP per output number, transposed per input pixel; arithmetic bound. Per four
 *           input channels a thread issues 288 run · quads FLOP, and some 60 other instructions
 * Accuracy  f32 sums of 9 cIn terms, by input quads and then columns of taps; compared at 1e-5
 * Source    GPEN face_model/gpen_model.py, EqualConv2d, StyledConv
 */
export const convTile: Kernel<ConvTile> = {
  name: "conv_tile",
  wgsl,
  bindings: ["params", "x", "e", "e_activation", "w", "s", "d", "b", "y"],

  outputShape(args) {
    if (args.w[2] !== 3) {
      throw new ShapeError(`conv_tile: w ${show(args.w)} must be (cOut, cIn, 3, 3)`);
    }
    const shape = readable(args).outputShape(args);
    staging(args);
    return shape;
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
    const { tile, transposed, b, s } = args;
    const [, cOut, h, w] = convTile.outputShape(args);
    const step = transposed ? 2 : 1;
    const tilesX = ceilDiv(ceilDiv(w, step), tile.columns);
    const tilesY = ceilDiv(ceilDiv(rows, step), tile.runs * tile.run);
    return {
      params: {
        tiles_x: tilesX,
        row_first: row,
        rows,
        n_first: n,
        c_out_quads: quads(cOut),
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
      workgroups: [tilesX * tilesY * step * step, ceilDiv(quads(cOut), blockQuads(tile)), count],
    };
  },

  inputRows: (args, name, rows) => readable(args).inputRows!(args, name, rows),

  macs: (args) => readable(args).macs!(args),

  reference: (args, inputs) => readable(args).reference(args, inputs),
};

/** The kernel that this call replaces. */
function readable({ s, transposed }: ConvTile): AnyKernel {
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

/** Output quads of a workgroup. */
function blockQuads({ columns, runs, quads }: Tile): number {
  return (THREADS / (columns * runs)) * quads;
}

/** The prelude: the tile, and what each thread stages of patch and weights per input quad. */
function staging({ tile, stride, transposed }: ConvTile) {
  const { columns, runs, run } = tile;
  const step = transposed ? 2 : 1;
  const taps = 4 - step;
  const pitch = (columns + Math.floor((taps - 1) / stride)) * stride;
  const xLoads = ceilDiv(pitch * ((runs * run - 1) * stride + taps), THREADS);
  const wLoads = ceilDiv(blockQuads(tile) * taps * taps * 4, THREADS);
  const fitting = Math.floor(SHARED_LOADS / (xLoads + wLoads));
  if (fitting < 1) {
    throw new ShapeError(
      `conv_tile: ${columns} x ${runs * run} pixels of ${blockQuads(tile)} quads must be fewer, their input and weights take ${xLoads + wLoads} vec4s of each of ${THREADS} threads, and there is room for ${SHARED_LOADS}`,
    );
  }
  return {
    COLUMNS: columns,
    RUNS: runs,
    RUN: run,
    QUADS: tile.quads,
    STRIDE: stride,
    STEP: step,
    // Two where they fit: a phase has 4, 2 or 1 taps, little work between two barriers.
    CHUNK: Math.min(2, fitting),
    X_LOADS: xLoads,
    W_LOADS: wLoads,
  };
}
