import { ShapeError } from "../../src/errors";
import { channels, type GpenConfig, latentCount, resolutions } from "../../src/weights/config";
import type { ModelEdges } from "./encode";
import { fir } from "./fir";
import type { Edge } from "./graph";
import { activated, activatedLinear, conv, type Place, parameter, under } from "./layers";
import { prior } from "./prior";

/**
 * A whole GPEN: picture in [-1, 1] to picture, under the names "input" and "output" that files in
 * circulation use.
 *
 * Errors    ShapeError where the output is larger than the input: such exports draw noise inside the
 *           graph, so that no two pictures of theirs could be compared
 * Source    GPEN face_model/gpen_model.py, FullGenerator
 */
export function gpenNetwork(place: Place, config: GpenConfig): ModelEdges {
  if (config.outSize !== config.inSize) {
    throw new ShapeError(
      `onnx: input ${config.inSize} px and output ${config.outSize} px must be equal; larger outputs draw random noise in the graph`,
    );
  }
  const input: Edge = { name: "input", shape: [1, 3, config.inSize, config.inSize] };
  const features = encoder(place, input, config);
  const w = mapping(place, features.at(-1)!, config);
  const picture = prior(place, w, features, config);
  return { input, output: place.graph.named(picture, "output") };
}

/** The features of every resolution, from the full one down to 4 px. */
function encoder(place: Place, input: Edge, config: GpenConfig): Edge[] {
  const features: Edge[] = [];
  for (const [i, side] of resolutions(config.inSize).reverse().entries()) {
    const stage = under(place, `ecd${i}`);
    const cOut = channels(config, side);
    const [k, stride, first] = i === 0 ? [1, 1, 0] : [3, 2, 1];
    const x = features.at(-1) ?? input;
    const smooth = i === 0 ? x : fir(stage.graph, x, { gain: 1, pad: [2, 2] }, place.pattern);
    const w = parameter(stage, `ecd${i}.0.${first}.weight`, [cOut, x.shape[1], k, k]);
    const y = conv(stage.graph, smooth, w, { cOut, k, stride, pad: 0 });
    const bias = parameter(stage, `ecd${i}.0.${first + 1}.bias`, [1, cOut, 1, 1]);
    features.push(activated(stage, y, bias));
  }
  return features;
}

/** From the smallest feature to the mapped latent, repeated for every layer: (1, layers, styleDim). */
function mapping(place: Place, feature: Edge, config: GpenConfig): Edge {
  const { graph } = place;
  const { styleDim } = config;
  const [n, c, h, w] = feature.shape;
  const flat = graph.add("Flatten", [feature], [n, c * h * w], { axis: 1 });
  const head = activatedLinear(under(place, "final_linear"), flat, "final_linear.0", styleDim);
  let x = pixelNorm(under(place, "style.0"), head);
  for (let i = 1; i <= config.nMlp; i++) {
    x = activatedLinear(under(place, `style.${i}`), x, `generator.style.${i}`, styleDim);
  }
  const layers = latentCount(config);
  const one = graph.add("Unsqueeze", [x], [n, 1, styleDim], { axes: [1] });
  const shape = [n, layers, styleDim];
  return graph.add("Expand", [one, graph.integers(shape)], shape);
}

/** x / √(mean of x² + 1e-8) */
function pixelNorm({ graph }: Place, x: Edge): Edge {
  const square = graph.add("Mul", [x, x], x.shape);
  const one = [x.shape[0], 1];
  const mean = graph.add("ReduceMean", [square], one, { axes: [1], keepdims: 1 });
  const norm = graph.add("Sqrt", [graph.add("Add", [mean, graph.floats([1e-8])], one)], one);
  const factor = graph.add("Div", [graph.floats([1]), norm], one);
  return graph.add("Mul", [x, factor], x.shape);
}
