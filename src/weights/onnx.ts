import { numel } from "../tensor";
import type { ByteSource } from "./byte_source";
import type { Checkpoint, StoredTensor } from "./checkpoint";
import type { NoiseMode } from "./config";
import { type Activated, type Encoder, readEncoder } from "./onnx_encoder";
import { readOnnxFile } from "./onnx_file";
import { outputOf } from "./onnx_graph";
import { type Part, refuse, splitGain } from "./onnx_layer";
import { noisePart } from "./onnx_noise";
import { type Level, type Modulated, readPrior, type StyledConv } from "./onnx_prior";
import { type Published, publish, zeros } from "./onnx_published";
import { isWhole } from "./onnx_signal";
import { quote } from "./quote";

const LR_MUL = 0.01; // learning rate of the mapping network relative to the rest

type Put = (part: Part | null, published: Published) => void;

/**
 * Opens an ONNX export of a GPEN. The graph is followed from its picture back to its inputs and
 * every constant gets the name and shape of the published checkpoint, whatever the exporter called
 * it. Nothing of a tensor's elements is read before its `read`; `folded` says what was folded.
 *
 * FIR kernels are checked and left out: they are the same in every GPEN. Where the network takes
 * no noise, the unused noise weights of the published layout are given as zeros.
 *
 * Errors    WeightsError that names the node or tensor that is not as in any known export
 * Source    GPEN face_model/gpen_model.py, FullGenerator
 */
export async function readOnnx(source: ByteSource): Promise<Checkpoint> {
  const file = await readOnnxFile(source);
  const levels = readPrior(await outputOf(file));
  const encoder = readEncoder(latentOf(levels));
  const tensors = new Map<string, StoredTensor>();
  const put: Put = (part, published) => tensors.set(published.name, publish(part, published));
  putEncoder(put, encoder);
  putConstantInput(put, levels[0].convs[0]);
  for (const [level, { convs, toRgb }] of levels.entries()) {
    for (const [i, conv] of convs.entries()) {
      const name = level === 0 ? "conv1" : `convs.${2 * level - 2 + i}`;
      putStyled(put, conv, `generator.${name}`, encoder.stages.at(-1 - level) ?? null);
    }
    putRgb(put, toRgb, level === 0 ? "generator.to_rgb1" : `generator.to_rgbs.${level - 1}`);
  }
  const metadata = new Map([...file.metadata, ...describeModel(levels, encoder)]);
  return { format: "onnx", tensors, metadata };
}

/** The mapped latent, which every style must be made of. */
function latentOf(levels: readonly Level[]) {
  const all = levels.flatMap(({ convs, toRgb }) => [...convs, toRgb]);
  const w = all[0].style.input;
  for (const { style } of all) {
    const alike = splitGain(style.input).gain === splitGain(w).gain;
    if (style.input.base !== w.base || !isWhole(style.input) || !alike) {
      refuse(style.linear.node, "a modulation by the one mapped latent");
    }
  }
  return w;
}

function describeModel(levels: readonly Level[], { stages, head, mapping }: Encoder) {
  const size = (resolutions: number) => String(4 * 2 ** (resolutions - 1));
  return [
    ["gpen.noise", noiseOf(levels)],
    ["gpen.in_size", size(stages.length)],
    ["gpen.out_size", size(levels.length)],
    ["gpen.style_dim", String(head.linear.weight.shape?.[0])],
    ["gpen.n_mlp", String(mapping.length)],
  ] as const;
}

function noiseOf(levels: readonly Level[]): NoiseMode {
  const convs = levels.flatMap((level) => level.convs);
  const { mode } = convs[0].noise;
  const other = convs.find(({ noise }) => noise.mode !== mode);
  if (other)
    refuse(other.act.node, `a convolution whose noise enters by ${quote(mode)} like the others'`);
  return mode;
}

function putEncoder(put: Put, { stages, head, mapping }: Encoder): void {
  for (const [i, stage] of stages.entries()) {
    const at = i === 0 ? 0 : 1; // stages that halve the side begin with their FIR kernel
    putConv(put, stage, `ecd${i}.0.${at}.weight`);
    putBias(put, stage, `ecd${i}.0.${at + 1}.bias`, 1);
  }
  putFc(put, head, "final_linear.0", 1);
  for (const [i, layer] of mapping.entries()) {
    putFc(put, layer, `generator.style.${i + 1}`, LR_MUL);
  }
}

/** A modulated layer has no gain of its own to fold: see readStyled. */
type Gained = Pick<Activated, "linear" | "weight" | "bias"> & { readonly gain?: number };

function putConv(put: Put, { weight, gain }: Gained, name: string, modulated = false): void {
  const shape = weight.constant.shape ?? [];
  const scale = 1 / Math.sqrt(numel(shape.slice(1)));
  put(weight, { name, shape: modulated ? [1, ...shape] : shape, scale, gain });
}

function putBias(put: Put, layer: Gained, name: string, scale: number, feat = 1): void {
  const cOut = layer.linear.weight.shape?.[0] ?? 0;
  put(layer.bias, { name, shape: [feat * cOut], scale, gain: layer.gain });
}

function putFc(put: Put, layer: Gained, name: string, lrMul: number): void {
  const [out, n] = layer.weight.constant.shape ?? [];
  const scale = lrMul / Math.sqrt(n);
  put(layer.weight, { name: `${name}.weight`, shape: [out, n], scale, gain: layer.gain });
  putBias(put, layer, `${name}.bias`, lrMul);
}

function putModulated(put: Put, { style, ...layer }: Modulated, name: string): void {
  putConv(put, layer, `${name}.weight`, true);
  putFc(put, style, `${name}.modulation`, 1);
}

function putStyled(put: Put, conv: StyledConv, name: string, stage: Activated | null): void {
  putModulated(put, conv, `${name}.conv`);
  const { mode } = conv.noise;
  const noise = mode === "none" ? { constant: zeros([1]), factor: 1 } : noisePart(conv, stage);
  put(noise, { name: `${name}.noise.weight`, shape: [1], scale: 1 });
  putBias(put, conv, `${name}.activate.bias`, 1, mode === "concat" ? 2 : 1);
}

function putRgb(put: Put, toRgb: Modulated, name: string): void {
  putModulated(put, toRgb, `${name}.conv`);
  put(toRgb.bias, { name: `${name}.bias`, shape: [1, 3, 1, 1], scale: 1 });
}

function putConstantInput(put: Put, { input, linear }: StyledConv): void {
  if (input.base.is !== "parameter" || input.scalars.length > 0 || input.taps.length > 1) {
    refuse(input.base.node, "the constant input");
  }
  const shape = [1, linear.weight.shape?.[1] ?? 0, 4, 4];
  const part = { constant: input.base.constant, factor: 1 };
  put(part, { name: "generator.input.input", shape, scale: 1 });
}
