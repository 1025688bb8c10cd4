import type { Technique } from "../graph/lower";
import { derived, type Node, type OpNode, op, type WeightNode } from "../graph/node";
import type { BroadcastTile } from "../kernels/conv_broadcast";
import { type Conv2d, conv2d } from "../kernels/conv2d";
import { type ModulatedConv3x3, modulatedConv3x3 } from "../kernels/modulated_conv3x3";
import { tiles, winogradWeights, winogradWeightsShape } from "../kernels/winograd";
import { winogradConv } from "../kernels/winograd_conv";
import { winogradInput } from "../kernels/winograd_input";
import { winogradOutput } from "../kernels/winograd_output";
import { winogradProduct } from "../kernels/winograd_product";
import { numel } from "../tensor";
import { canModulate, modulated } from "./modulated";

/** Fewest tiles that pay for reading transformed weights: 16x16 outputs. */
const TILES = 16;
/**
 * Most weights per tile, counted as products of channels. Transformed ones are four times as large:
 * 19 MB in f32 in each of GPEN-256's layers at 16 and 32 px, 75 MB in GPEN-512's at 32 and 64 px; 44 and
 * 175 MB in all.
 */
const WEIGHTS_PER_TILE = 8192;

/**
 * 3x3 convolutions of stride 1 by Winograd's F(4x4, 3x3), with a quarter of the multiply-adds. Fused,
 * products are never stored, for adapters that compute on the CPU.
 */
export function winograd(tile: BroadcastTile, fused: boolean): Technique {
  return {
    name: `${fused ? "fused " : ""}winograd ${tile.loaded}x${tile.loads}x${tile.run}`,
    suits: (node) => isFilter3x3(node) && enoughTiles(node),
    replace(node, inputs) {
      const { name, shape } = node;
      const { w, d, b } = inputs;
      const styled = node.kernel === modulatedConv3x3;
      const { dFirst } = node.args as ModulatedConv3x3;
      const x = styled ? modulated(node, inputs) : inputs.x;
      const patches = op(winogradInput, `${name}.patches`, { x }, {});
      const weights = transformed(w as WeightNode, [x.shape[1]]);
      const activate = styled ? b !== undefined : (node.args as Conv2d).activate;
      const attributes = { dFirst, activate, cOut: shape[1], h: shape[2], width: shape[3] };
      if (fused) {
        return op(winogradConv, name, { x: patches, w: weights, d, b }, { ...attributes, tile });
      }
      const products = op(winogradProduct, `${name}.product`, { x: patches, w: weights }, { tile });
      return op(winogradOutput, name, { x: products, d, b }, attributes);
    },
  };
}

function isFilter3x3(node: OpNode): boolean {
  const { kernel, args, inputs } = node;
  if (inputs.w?.kind !== "weight") return false;
  if (kernel === modulatedConv3x3) return canModulate(node);
  const { w, stride, pad } = args as Conv2d;
  return kernel === conv2d && w[2] === 3 && stride === 1 && pad === 1;
}

function enoughTiles({ shape: [n, cOut, h, w], inputs }: OpNode): boolean {
  const [rows, columns] = tiles(h, w);
  const count = n * rows * columns;
  return count >= TILES && inputs.w.shape[1] * cOut <= WEIGHTS_PER_TILE * count;
}

/** Transformed weights, which are made when the model is loaded. */
function transformed(w: WeightNode, parts: readonly number[]): Node {
  const shape = winogradWeightsShape(w.shape[0], parts);
  return derived(`${w.name}.winograd`, shape, async function* (read) {
    // A convolution's weights come as one part.
    for await (const values of w.parts(read))
      yield* winogradWeights(values.subarray(0, numel(w.shape)), w.shape[0], parts);
  });
}
