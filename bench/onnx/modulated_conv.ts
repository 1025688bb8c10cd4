import { fir, reshape } from "./fir";
import type { Edge, GraphBuilder } from "./graph";
import { conv, linear, type Place, parameter } from "./layers";

export interface Modulated {
  readonly key: string;
  readonly cOut: number;
  readonly k: 1 | 3;
  readonly demodulate: boolean;
  readonly up: boolean;
}

/**
 * A modulated convolution in the space of weights, as exporters see it: the style multiplies the
 * weight, its norm divides it, and a convolution of one group per picture takes the product.
 *
 * Source    GPEN face_model/gpen_model.py, ModulatedConv2d
 */
export function modulatedConv(place: Place, x: Edge, latent: Edge, layer: Modulated): Edge {
  const { graph, pattern } = place;
  const { key, cOut, k } = layer;
  const [n, cIn, h] = x.shape;
  const style = linear(place, latent, `${key}.modulation`, cIn);
  const w = parameter(place, `${key}.weight`, [1, cOut, cIn, k, k]);
  const scaled = graph.add("Mul", [w, reshape(graph, style, [n, 1, cIn, 1, 1])], w.shape);
  const weight = layer.demodulate ? demodulated(graph, scaled) : scaled;
  const grouped = reshape(graph, x, x.shape);
  if (!layer.up) {
    const flat = reshape(graph, weight, [n * cOut, cIn, k, k]);
    const y = conv(graph, grouped, flat, { cOut, k, stride: 1, pad: (k - 1) / 2 });
    return reshape(graph, y, y.shape);
  }
  const y = transposedConv(graph, grouped, weight);
  const apart = reshape(graph, y, [n, cOut, 2 * h + 1, 2 * h + 1]);
  return fir(graph, apart, { gain: 4, pad: [1, 1] }, pattern);
}

/** w / √(Σ w² + 1e-8) per output channel */
function demodulated(graph: GraphBuilder, w: Edge): Edge {
  const [n, cOut] = w.shape;
  const square = graph.add("Pow", [w, graph.floats([2])], w.shape);
  const sum = graph.add("ReduceSum", [square], [n, cOut], { axes: [2, 3, 4], keepdims: 0 });
  const safe = graph.add("Add", [sum, graph.floats([1e-8])], sum.shape);
  const norm = graph.add("Sqrt", [safe], sum.shape);
  const factor = graph.add("Div", [graph.floats([1]), norm], sum.shape);
  return graph.add("Mul", [w, reshape(graph, factor, [n, cOut, 1, 1, 1])], w.shape);
}

function transposedConv(graph: GraphBuilder, x: Edge, w: Edge): Edge {
  const [n, cOut, cIn, k] = w.shape;
  const turned = graph.add("Transpose", [w], [n, cIn, cOut, k, k], { perm: [0, 2, 1, 3, 4] });
  const flat = reshape(graph, turned, [n * cIn, cOut, k, k]);
  const side = 2 * x.shape[2] + 1;
  return graph.add("ConvTranspose", [x, flat], [n, cOut, side, side], {
    dilations: [1, 1],
    group: 1,
    kernel_shape: [k, k],
    pads: [0, 0, 0, 0],
    strides: [2, 2],
  });
}
