import type { Technique } from "../graph/lower";
import { type Node, type OpNode, op } from "../graph/node";
import { type BroadcastTile, convBroadcast } from "../kernels/conv_broadcast";
import { type Conv2d, conv2d } from "../kernels/conv2d";
import { modulate } from "../kernels/modulate";
import { type ModulatedConv3x3, modulatedConv3x3 } from "../kernels/modulated_conv3x3";
import { modulatedUpconv3x3 } from "../kernels/modulated_upconv3x3";
import type { Modulated } from "../kernels/modulation";

/** Convolutions whose subgroups share weights by broadcast; modulated inputs are made beforehand. */
export function broadcast(tile: BroadcastTile): Technique {
  return {
    name: `broadcast ${tile.loaded}x${tile.loads}x${tile.run}`,
    suits: ({ kernel, args }) =>
      kernel === conv2d || (isModulated(kernel) && wholeQuads(args as Modulated)),
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
      const attributes = { dFirst, stride: 1, pad, transposed, activate: b !== undefined, tile };
      return convolve(node, { x, w, d, b }, attributes as Attributes);
    },
  };
}

function isModulated(kernel: unknown): boolean {
  return kernel === modulatedConv3x3 || kernel === modulatedUpconv3x3;
}

/** Where the encoder half starts within a quad, only the readable kernels can follow. */
function wholeQuads({ x, e }: Modulated): boolean {
  return e === undefined || x[1] % 4 === 0;
}

/** The style-scaled input of a modulated convolution. */
function modulated(node: OpNode, { x, e, e_activation, s }: Readonly<Record<string, Node>>): Node {
  const { sFirst } = node.args as Modulated;
  return op(modulate, `${node.name}.in`, { x, e, e_activation, s }, { sFirst });
}

type Attributes = Omit<Parameters<typeof convBroadcast.outputShape>[0], "x" | "w" | "d" | "b">;

function convolve(
  node: OpNode,
  inputs: { x: Node; w: Node; d?: Node; b?: Node },
  attributes: Attributes,
): OpNode {
  return op(convBroadcast, node.name, inputs, attributes);
}
