import { noiseConcat } from "../kernels/noise_concat";
import type { Feature } from "./layers";
import { type Node, op } from "./node";

/** A network's intermediates as the paper has them: halves that the network never joins, joined. */
export function joined(taps: Readonly<Record<string, Feature>>): Record<string, Node> {
  const nodes = Object.entries(taps).map(([name, { x, e, e_activation }]) => [
    name,
    e && e_activation ? op(noiseConcat, `${name}.concat`, { x, e, e_activation }, {}) : x,
  ]);
  return Object.fromEntries(nodes);
}
