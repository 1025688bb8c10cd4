import { type Node, type OpNode, op } from "../graph/node";
import { modulate } from "../kernels/modulate";
import { modulatedConv3x3 } from "../kernels/modulated_conv3x3";
import { modulatedUpconv3x3 } from "../kernels/modulated_upconv3x3";
import type { Modulated } from "../kernels/modulation";

/** Whether a call is a modulated convolution whose input can be made by modulate beforehand. */
export function canModulate({ kernel, args }: OpNode): boolean {
  if (kernel !== modulatedConv3x3 && kernel !== modulatedUpconv3x3) return false;
  const { x, e } = args as Modulated;
  // An encoder half that starts within a quad is left to the readable kernels.
  return e === undefined || x[1] % 4 === 0;
}

/** The style-scaled input of a modulated convolution. */
export function modulated(
  { name, args }: OpNode,
  { x, e, e_activation, s }: Readonly<Record<string, Node>>,
): Node {
  const { sFirst } = args as Modulated;
  return op(modulate, `${name}.in`, { x, e, e_activation, s }, { sFirst });
}
