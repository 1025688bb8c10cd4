import { WeightsError } from "../errors";
import {
  activation,
  checkFir,
  checkGeometry,
  type Layer,
  layerOf,
  refuse,
  splitGain,
} from "./onnx_layer";
import { type Act, type Flow, isWhole } from "./onnx_signal";

/** A layer that ends in leaky_relu, and the sqrt(2) that its readers multiply it by, or 1. */
export interface Activated extends Layer {
  readonly act: Act;
  readonly gain: number;
}

export interface Encoder {
  /** ecd0, ecd1, ...: full resolution first. */
  readonly stages: readonly Activated[];
  readonly head: Activated;
  /** The mapping network, first layer first. */
  readonly mapping: readonly Activated[];
}

const MAX_LAYERS = 4096; // what GPEN's configuration allows for the mapping network
const MAX_STAGES = 10; // a 2048 px picture

/** Everything from the mapped latent `w` back to the picture. */
export function readEncoder(w: Flow): Encoder {
  const mapping: Activated[] = [];
  let x = w;
  while (x.base.is !== "norm") {
    const what = `mapping layer ${mapping.length + 1} from the end, or the pixel norm before it,`;
    const layer = activated(x, what);
    if (layer.linear.op !== "fc") refuse(layer.linear.node, what);
    mapping.unshift(layer);
    x = layer.input;
    if (mapping.length > MAX_LAYERS)
      throw new WeightsError(`onnx: over ${MAX_LAYERS} mapping layers`);
  }
  if (mapping.length === 0) refuse(w.base.node, "a mapping layer");
  const head = activated(x.base.of, "the encoder's fully connected layer");
  if (head.linear.op !== "fc") refuse(head.linear.node, "the encoder's fully connected layer");
  return { stages: readStages(head.input), head, mapping };
}

function readStages(last: Flow): Activated[] {
  const stages: Activated[] = [];
  for (let x = last; x.base.is !== "input"; ) {
    const what = `encoder stage ${stages.length + 1} from the end`;
    const stage = activated({ ...x, taps: [1] }, what);
    const first = stage.input.base.is === "input";
    if (stage.linear.op !== "conv" || stages.length === MAX_STAGES) refuse(stage.act.node, what);
    if (first) checkGeometry(stage.linear, 1, 1, 0, what);
    else {
      checkGeometry(stage.linear, 3, 2, 0, what);
      checkFir(stage.input, 1, what);
    }
    if (first && !isWhole(stage.input)) refuse(stage.linear.node, "a convolution of the picture");
    stages.unshift(stage);
    x = stage.input;
  }
  if (stages.length < 2) refuse(last.base.node, "an encoder of at least two stages");
  return stages;
}

function activated(x: Flow, what: string): Activated {
  const act = activation(x, what);
  return { ...layerOf(act.of, what), act, gain: splitGain(x).gain };
}
