import { WeightsError } from "../errors";
import type { NoiseMode } from "./config";
import { checkDemodulation, type Style, styleOf } from "./onnx_demodulation";
import {
  activation,
  biasPart,
  checkFir,
  checkGeometry,
  type Layer,
  layerParts,
  refuse,
  splitGain,
} from "./onnx_layer";
import { type Act, type Flow, isPlain, isWhole, product, type Sum } from "./onnx_signal";

/** A modulated convolution with its noise and activation, or a toRGB. */
export interface Modulated extends Layer {
  readonly style: Style;
}
export interface StyledConv extends Modulated {
  readonly act: Act;
  readonly noise: { readonly mode: NoiseMode; readonly flow: Flow | null };
}
export interface Level {
  /** At 4 px one convolution, above two: the first doubles the resolution. */
  readonly convs: readonly StyledConv[];
  readonly toRgb: Modulated;
}

const MAX_LEVELS = 10; // 2048 px

/** The GAN prior, from its picture back to its constant input; 4 px first. */
export function readPrior(output: Flow): Level[] {
  const found: { rgb: Modulated; features: Flow }[] = [];
  let picture: Flow | null = output;
  while (picture) {
    const { rgb, skip } = readRgb(picture, found.length);
    found.unshift({ rgb, features: rgb.input });
    if (found.length > MAX_LEVELS) throw new WeightsError(`onnx: over ${MAX_LEVELS} resolutions`);
    picture = skip;
  }
  if (found.length < 2) refuse(output.base.node, "a picture made at two resolutions or more");
  return found.map(({ rgb, features }, level) => {
    const below = level > 0 ? found[level - 1].features : null;
    return { toRgb: rgb, convs: readConvs(features, below, level) };
  });
}

/** picture = toRGB(x) + bias + upsampled picture below */
function readRgb(picture: Flow, index: number): { rgb: Modulated; skip: Flow | null } {
  const what = `the sum of toRGB ${index + 1} from the end and the picture below it`;
  const { base } = picture;
  if (base.is !== "sum" || !isPlain(picture) || base.biases.length !== 1 || base.terms.length > 2) {
    return refuse(base.node, what);
  }
  const own = base.terms.find(({ base: b }) => b.is === "linear" && b.weight.shape?.[0] === 3);
  if (own?.base.is !== "linear" || !isWhole({ ...own, demod: null }))
    return refuse(base.node, what);
  const linear = own.base;
  checkGeometry(linear, 1, 1, 0, "toRGB");
  if (own.demod || linear.demod) refuse(linear.node, "toRGB without demodulation");
  const bias = biasPart(base.biases[0], 1);
  const rgb = { ...layerParts(own, linear), bias, style: styleOf(linear) };
  const rest = base.terms.find((term) => term !== own);
  if (!rest) return { rgb, skip: null };
  checkFir(rest, 4, "the picture below");
  if (rest.scalars.length > 0 || rest.style || rest.demod) refuse(base.node, what);
  return { rgb, skip: { ...rest, taps: [1], moved: false } };
}

function readConvs(features: Flow, below: Flow | null, level: number): StyledConv[] {
  const what = `the ${below ? "second " : ""}styled convolution at ${4 * 2 ** level} px`;
  const last = readStyled(features, what);
  checkGeometry(last.linear, 3, 1, 1, what);
  if (last.linear.op !== "conv") refuse(last.linear.node, what);
  if (!below) {
    if (last.input.base.is !== "parameter") refuse(last.input.base.node, "the constant input");
    return [last];
  }
  const first = `the first styled convolution at ${4 * 2 ** level} px`;
  const up = readStyled(last.input, first);
  if (up.linear.op !== "up") refuse(up.linear.node, `${first}, transposed,`);
  checkGeometry(up.linear, 3, 2, 0, first);
  if (up.input.base !== below.base) {
    refuse(up.linear.node, `${first}, of the features that toRGB takes at ${2 * 2 ** level} px,`);
  }
  return [up, last];
}

/** leaky_relu(noise(conv) + bias) */
function readStyled(x: Flow, what: string): StyledConv {
  const act = activation(x, what);
  // Demodulation undoes any factor of weights and style: sqrt(2) cannot have been folded there.
  if (splitGain(x).gain === 1 || splitGain(x).rest.length > 0) {
    refuse(act.node, `${what}, activated and multiplied by sqrt(2),`);
  }
  const { of } = act;
  const sum = of.base;
  if (sum.is !== "sum" || !isWhole(of) || of.moved || sum.biases.length !== 1) {
    return refuse(sum.node, `${what} with its bias`);
  }
  const { conv, noise } = splitNoise(sum, what);
  if (conv.base.is !== "linear") return refuse(conv.base.node, what);
  if (noise.flow && product(of.scalars) !== 1) refuse(of.base.node, `${what} without a scale`);
  const linear = conv.base;
  if (linear.op === "up") checkFir(conv, 4, what);
  else if (conv.taps.length !== 1) refuse(linear.node, `${what}, not filtered,`);
  if (conv.style) refuse(linear.node, `${what} with one style`);
  const parts = layerParts(conv, linear, product(of.scalars));
  const style = styleOf(linear);
  const check = checkDemodulation(linear, conv.demod, parts.weight, style, what);
  const weight = { ...parts.weight, check };
  const bias = biasPart(sum.biases[0], product(of.scalars));
  return { ...parts, weight, bias, style, act, noise };
}

function splitNoise(sum: Sum, what: string): { conv: Flow; noise: StyledConv["noise"] } {
  const [first, second] = sum.terms;
  if (!second && first.base.is === "concat") {
    const [conv, flow] = first.base.parts;
    if (!isPlain(first)) refuse(sum.node, `${what} with noise concatenated`);
    return { conv, noise: { mode: "concat", flow } };
  }
  if (!second) return { conv: first, noise: { mode: "none", flow: null } };
  const isConv = (x: Flow) => x.base.is === "linear";
  if (sum.terms.length !== 2 || isConv(first) === isConv(second)) {
    return refuse(sum.node, `${what} plus one noise`);
  }
  const [conv, flow] = isConv(first) ? [first, second] : [second, first];
  return { conv, noise: { mode: "add", flow } };
}
