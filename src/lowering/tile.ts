import { call, type Technique } from "../graph/lower";
import { type ConvTile, convTile, type Tile } from "../kernels/conv_tile";
import { type Conv2d, conv2d } from "../kernels/conv2d";
import { type ModulatedConv3x3, modulatedConv3x3 } from "../kernels/modulated_conv3x3";
import { modulatedUpconv3x3 } from "../kernels/modulated_upconv3x3";

/** 3x3 convolutions from tiles in workgroup memory, in a tile of the caller's or the one for the shape. */
export function tile(chosen?: Tile): Technique {
  return {
    name: chosen ? `tile ${Object.values(chosen).join("x")}` : "tile",
    suits: ({ kernel, args }) =>
      kernel === modulatedConv3x3 ||
      kernel === modulatedUpconv3x3 ||
      (kernel === conv2d && (args as Conv2d).w[2] === 3),
    replace(node, inputs) {
      const args = node.args as ConvTile;
      const transposed = node.kernel === modulatedUpconv3x3;
      const { stride = 1, pad = transposed ? 0 : 1, activate = false } = args as Partial<Conv2d>;
      const { sFirst, dFirst } = node.args as Partial<ModulatedConv3x3>;
      const tile = chosen ?? tileFor(args.w[0], stride);
      return call(convTile, node.name, inputs, {
        sFirst,
        dFirst,
        stride,
        pad,
        transposed,
        activate,
        tile,
      });
    },
  };
}

/**
 * The tile of 32 accumulators that reads least from workgroup memory. Blocks of 16 quads, or, where
 * there are fewer outputs, 8 of twice as many pixels; the window of 17 pixels that a run of 8 would
 * have with stride 2 takes twice the registers, so that runs are 4 there.
 */
export function tileFor(cOut: number, stride: number): Tile {
  if (stride === 2) return { columns: 8, runs: 2, run: 4, quads: cOut > 32 ? 2 : 1 };
  return { columns: cOut > 32 ? 8 : 16, runs: 1, run: 8, quads: 1 };
}
