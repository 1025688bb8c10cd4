import type { ReadParameter } from "../../src/graph/node";
import type { Shape } from "../../src/tensor";
import type { Pattern } from "./fir";
import type { Edge, GraphBuilder } from "./graph";

/** What every layer is made of: where it stands, where its weights come from, how it is written. */
export interface Place {
  readonly graph: GraphBuilder;
  readonly read: ReadParameter;
  readonly pattern: Pattern;
}

/** The same place; names of nodes made there begin with `scope`. */
export function under(place: Place, scope: string): Place {
  return { ...place, graph: place.graph.within(scope) };
}

/** A parameter with its scale folded in, under the name of the published checkpoint. */
export function parameter({ graph, read }: Place, key: string, shape: Shape): Edge {
  return graph.weight(key, shape, () => read(key, shape));
}

/** leaky_relu(x + b, 0.2) · √2 */
export function activated(place: Place, x: Edge, bias: Edge): Edge {
  return leakyRelu(place, place.graph.add("Add", [x, bias], x.shape));
}

function leakyRelu({ graph }: Place, x: Edge): Edge {
  const active = graph.add("LeakyRelu", [x], x.shape, { alpha: { float: 0.2 } });
  return graph.add("Mul", [active, graph.floats([Math.SQRT2])], x.shape);
}

export interface ConvSize {
  readonly cOut: number;
  readonly k: number;
  readonly stride: number;
  readonly pad: number;
}

export function conv(graph: GraphBuilder, x: Edge, w: Edge, size: ConvSize): Edge {
  const { cOut, k, stride, pad } = size;
  const side = Math.floor((x.shape[2] + 2 * pad - k) / stride) + 1;
  return graph.add("Conv", [x, w], [x.shape[0], cOut, side, side], {
    dilations: [1, 1],
    group: 1,
    kernel_shape: [k, k],
    pads: [pad, pad, pad, pad],
    strides: [stride, stride],
  });
}

/** A fully connected layer without activation: a Gemm with the weight as it is stored. */
export function linear(place: Place, x: Edge, key: string, cOut: number): Edge {
  const w = parameter(place, `${key}.weight`, [cOut, x.shape[1]]);
  const b = parameter(place, `${key}.bias`, [cOut]);
  return place.graph.add("Gemm", [x, w, b], [x.shape[0], cOut], { transB: 1 });
}

/** An activated one: published files multiply by the transposed weight and add the bias. */
export function activatedLinear(place: Place, x: Edge, key: string, cOut: number): Edge {
  const { graph, read, pattern } = place;
  const [n, cIn] = x.shape;
  if (pattern === "lean") {
    return leakyRelu(place, linear(place, x, key, cOut));
  }
  const w = graph.weight(`${key}.weight`, [cIn, cOut], async () =>
    transposed(await read(`${key}.weight`, [cOut, cIn]), cIn, cOut),
  );
  const y = graph.add("MatMul", [x, w], [n, cOut]);
  return activated(place, y, parameter(place, `${key}.bias`, [1, cOut]));
}

function transposed(w: Float32Array, cIn: number, cOut: number): Float32Array {
  const turned = new Float32Array(w.length);
  for (let oc = 0; oc < cOut; oc++) {
    for (let ic = 0; ic < cIn; ic++) turned[ic * cOut + oc] = w[oc * cIn + ic];
  }
  return turned;
}
