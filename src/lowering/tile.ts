import { call, type Technique } from "../graph/lower";
import type { Node, OpNode } from "../graph/node";
import { type ConvTile, convTile } from "../kernels/conv_tile";
import { type Conv2d, conv2d } from "../kernels/conv2d";
import { ceilDiv, quads } from "../kernels/kernel";
import { inputQuads } from "../kernels/layout";
import { type ModulatedConv3x3, modulatedConv3x3 } from "../kernels/modulated_conv3x3";
import { modulatedUpconv3x3 } from "../kernels/modulated_upconv3x3";
import { halves } from "../kernels/modulation";
import { sumParts } from "../kernels/sum_parts";
import { blockQuads, type Tile } from "../kernels/tile";
import type { Shape } from "../tensor";

/**
 * Workgroups that fill a large graphics card: four of 128 threads for each of an H200's 132 SMs, as
 * each has to wait for its own loads and barriers. A layer of 64 x 64 x 512 in tiles of 8 x 8 x 64 is
 * 512; one of 16 x 16 is 32, and leaves three quarters of the card idle.
 */
const ENOUGH_WORKGROUPS = 512;

/** Input quads that a split keeps at least; fewer, and writing its sums takes as long as making them. */
const SPLIT_QUADS = 8;

/**
 * Convolutions from tiles in workgroup memory, in a tile of the caller's or the one for the shape.
 * Layers with too few tiles are split: each part sums some of the input, and sum_parts adds them up.
 */
export function tile(chosen?: Tile, split = true): Technique {
  const size = chosen ? ` ${Object.values(chosen).join("x")}` : "";
  return {
    name: `tile${size}${split ? "" : " whole"}`,
    suits: ({ kernel }) => [conv2d, modulatedConv3x3, modulatedUpconv3x3].includes(kernel),
    replace(node, inputs) {
      const args = inTiles(node, chosen);
      const splits = split ? splitsFor(args, node.shape) : 1;
      return splits > 1
        ? inParts(node, inputs, args, splits)
        : call(convTile, node.name, inputs, attributesOf(args));
    },
  };
}

/** The call's arguments, as conv_tile takes them. */
function inTiles({ kernel, args }: OpNode, chosen?: Tile): ConvTile {
  const shapes = args as ConvTile;
  const transposed = kernel === modulatedUpconv3x3;
  const { stride = 1, pad = transposed ? 0 : 1, activate = false } = args as Partial<Conv2d>;
  const { sFirst, dFirst } = args as Partial<ModulatedConv3x3>;
  const tile = chosen ?? tileFor(shapes.w, stride);
  return { ...shapes, sFirst, dFirst, stride, pad, transposed, activate, tile };
}

function attributesOf({ sFirst, dFirst, stride, pad, transposed, activate, tile }: ConvTile) {
  return { sFirst, dFirst, stride, pad, transposed, activate, tile };
}

function inParts(
  node: OpNode,
  { b, ...inputs }: Readonly<Record<string, Node>>,
  args: ConvTile,
  splits: number,
): OpNode {
  const attributes = { ...attributesOf(args), activate: false, splits };
  const x = call(convTile, `${node.name}.parts`, inputs, attributes);
  const activate = args.s ? b !== undefined : args.activate;
  return call(sumParts, node.name, { x, b }, { parts: splits, activate });
}

/**
 * The tile of 32 accumulators that reads least from workgroup memory. Blocks of 16 quads, or, where
 * there are fewer outputs, 8 of twice as many pixels; the window of 17 pixels that a run of 8 would
 * have with stride 2 takes twice the registers, so that runs are 4 there. 1x1 is bound by what it
 * writes: 32 threads store beside one another.
 */
export function tileFor([cOut, , k]: Shape, stride: number): Tile {
  if (stride === 2) return { columns: 8, runs: 2, run: 4, quads: cOut > 32 ? 2 : 1 };
  if (k === 1) return { columns: 32, runs: 1, run: 4, quads: 2 };
  return { columns: cOut > 32 ? 8 : 16, runs: 1, run: 8, quads: 1 };
}

/** Parts that the input is split into, so that there are enough workgroups; 1 where there are. */
export function splitsFor(args: ConvTile, [n, cOut, h, w]: readonly number[]): number {
  const { columns, runs, run } = args.tile;
  if (cOut % 4 !== 0) return 1;
  const tiles = ceilDiv(w, columns) * ceilDiv(h, runs * run);
  const workgroups = n * tiles * ceilDiv(quads(cOut), blockQuads(args.tile));
  const most = Math.floor(inputQuads(halves(args)) / SPLIT_QUADS);
  return Math.max(1, Math.min(most, Math.floor(ENOUGH_WORKGROUPS / workgroups)));
}
