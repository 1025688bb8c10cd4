import type { Technique } from "../graph/lower";
import { type Node, type OpNode, op } from "../graph/node";
import { type BroadcastTile, convBroadcast } from "../kernels/conv_broadcast";
import { type Conv2d, conv2d } from "../kernels/conv2d";
import type { ModulatedConv3x3 } from "../kernels/modulated_conv3x3";
import { modulatedUpconv3x3 } from "../kernels/modulated_upconv3x3";
import { canModulate, modulated } from "./modulated";

/** Convolutions whose subgroups share weights by broadcast; modulated inputs are made beforehand. */
export function broadcast(tile: BroadcastTile): Technique {
  return {
    name: `broadcast ${tile.loaded}x${tile.loads}x${tile.run}`,
    suits: (node) => node.kernel === conv2d || canModulate(node),
    replace(node, inputs) {
      if (node.kernel === conv2d) {
        const { stride, pad, activate } = node.args as Conv2d;
        const { x, w, b } = inputs;
        return convolve(node, { x, w, b }, { stride, pad, transposed: false, activate, tile });
      }
      const { dFirst } = node.args as ModulatedConv3x3;
      const { w, d, b } = inputs;
      const x = modulated(node, inputs);
      const transposed = node.kernel === modulatedUpconv3x3;
      const pad = transposed ? 0 : 1;
      const activate = b !== undefined;
      return convolve(node, { x, w, d, b }, { dFirst, stride: 1, pad, transposed, activate, tile });
    },
  };
}

type Attributes = Omit<Parameters<typeof convBroadcast.outputShape>[0], "x" | "w" | "d" | "b">;

function convolve(
  node: OpNode,
  inputs: { x: Node; w: Node; d?: Node; b?: Node },
  attributes: Attributes,
): OpNode {
  return op(convBroadcast, node.name, inputs, attributes);
}
