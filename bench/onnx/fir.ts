import type { Edge, GraphBuilder } from "./graph";

/** "published" is what files in circulation do, "lean" what runs faster in onnxruntime. */
export type Pattern = "published" | "lean";

/** [1, 3, 3, 1] ⊗ [1, 3, 3, 1] / 64 · gain over an image padded by [before, after] on both axes. */
export interface Fir {
  readonly gain: 1 | 4;
  readonly pad: readonly [before: number, after: number];
}

const ROW = [1, 3, 3, 1];

export function fir(graph: GraphBuilder, x: Edge, filter: Fir, pattern: Pattern): Edge {
  return pattern === "published" ? convolved(graph, x, filter) : sliced(graph, x, filter);
}

/** Channels become the batch, so that one 4 x 4 kernel serves all: Reshape, Pad, Conv, Reshape. */
function convolved(graph: GraphBuilder, x: Edge, { gain, pad: amounts }: Fir): Edge {
  const [n, c, h, w] = x.shape;
  const planes = reshape(graph, x, [n * c, 1, h, w]);
  const padded = pad(graph, planes, amounts);
  const taps = ROW.flatMap((a) => ROW.map((b) => (a * b * gain) / 64));
  const kernel = graph.floats(taps, [1, 1, 4, 4]);
  const [, , hPad, wPad] = padded.shape;
  const filtered = graph.add("Conv", [padded, kernel], [n * c, 1, hPad - 3, wPad - 3], {
    dilations: [1, 1],
    group: 1,
    kernel_shape: [4, 4],
    pads: [0, 0, 0, 0],
    strides: [1, 1],
  });
  return reshape(graph, filtered, [n, c, hPad - 3, wPad - 3]);
}

/** Pad, then along each axis the sum of four slices times their taps. */
function sliced(graph: GraphBuilder, x: Edge, { gain, pad: amounts }: Fir): Edge {
  const taps = ROW.map((tap) => (tap * Math.sqrt(gain)) / 8);
  return [3, 2].reduce((y, axis) => alongAxis(graph, y, axis, taps), pad(graph, x, amounts));
}

function alongAxis(graph: GraphBuilder, x: Edge, axis: number, taps: readonly number[]): Edge {
  const length = x.shape[axis] - 3;
  const shape = x.shape.map((size, i) => (i === axis ? length : size));
  const terms = taps.map((tap, i) => {
    const range = [[i], [i + length], [axis], [1]].map((values) => graph.integers(values));
    const part = graph.add("Slice", [x, ...range], shape);
    return graph.add("Mul", [graph.floats([tap]), part], shape);
  });
  return terms.reduce((sum, term) => graph.add("Add", [sum, term], shape));
}

/**
 * Zeros between the pixels of an RGB picture, then the filter with gain 4. The zeros are a Pad of the
 * picture seen as (c, h, 1, w, 1).
 */
export function firUpsample2(graph: GraphBuilder, x: Edge, pattern: Pattern): Edge {
  const [n, c, h, w] = x.shape;
  const apart = reshape(graph, x, [n * c, h, 1, w, 1]);
  const amounts = graph.integers([0, 0, 0, 0, 0, 0, 0, 1, 0, 1]);
  const zeroed = graph.add("Pad", [apart, amounts, NO_VALUE], [n * c, h, 2, w, 2]);
  const wide = reshape(graph, zeroed, [n, c, 2 * h, 2 * w]);
  return fir(graph, wide, { gain: 4, pad: [2, 1] }, pattern);
}

/**
 * torch.onnx writes a Pad's value as an input without a name. onnxruntime then leaves the Pad alone;
 * without this input it would fold it into the convolution behind, which no file in circulation gets.
 */
const NO_VALUE: Edge = { name: "", shape: [] };

/** Zeros before and after rows and columns. */
function pad(graph: GraphBuilder, x: Edge, [before, after]: Fir["pad"]): Edge {
  const [n, c, h, w] = x.shape;
  const amounts = graph.integers([0, 0, before, before, 0, 0, after, after]);
  return graph.add("Pad", [x, amounts, NO_VALUE], [n, c, h + before + after, w + before + after]);
}

export function reshape(graph: GraphBuilder, x: Edge, shape: readonly number[]): Edge {
  return graph.add("Reshape", [x, graph.integers(shape)], shape);
}
