import { ShapeError, WeightsError } from "../errors";
import { type Shape, show } from "../tensor";
import { checkConfig } from "./check_config";
import type { Checkpoint } from "./checkpoint";
import type { GpenConfig, NoiseMode } from "./config";
import { type ChannelCount, inferWidth } from "./infer_width";
import type { ModelKind } from "./parameters";
import { quote } from "./quote";

const WHERE = "config";

export interface Inferred {
  readonly kind: ModelKind;
  readonly config: GpenConfig;
}

export interface InferOptions {
  /** Decides between "add" and "none", which have the same tensors. */
  readonly noise?: NoiseMode;
}

/**
 * The configuration that a checkpoint's names and shapes tell; metadata "gpen.*" fills in what
 * they cannot tell (noise "add" or "none", normalise, the multiplier below 64 px) and must agree
 * with them where they can. A generator alone is a "prior", with inSize = outSize; of a
 * discriminator only sizes and channels matter, the rest are defaults.
 *
 * Errors    WeightsError naming the tensor and both values: a tensor that is missing or of another
 *           rank, metadata or option that contradict the tensors, noise that nothing decides
 * Source    GPEN face_model/gpen_model.py, FullGenerator and Discriminator
 */
export function inferConfig(checkpoint: Checkpoint, options: InferOptions = {}): Inferred {
  const kind = findKind(checkpoint);
  const found =
    kind === "discriminator" ? ofDiscriminator(checkpoint) : ofGenerator(checkpoint, kind, options);
  const { counts, ...fields } = found;
  const width = inferWidth(counts, checkpoint.metadata);
  const config: GpenConfig = { ...fields, ...width, normalise: readNormalise(checkpoint) };
  try {
    checkConfig(config);
  } catch (error) {
    if (error instanceof ShapeError)
      throw new WeightsError(`${WHERE}: the tensors give no GPEN: ${error.message}`);
    throw error;
  }
  return { kind, config };
}

type Found = Omit<GpenConfig, "channelMultiplier" | "narrow" | "normalise"> & {
  readonly counts: readonly ChannelCount[];
};

function findKind({ tensors }: Checkpoint): ModelKind {
  if (tensors.has("final_conv.0.weight")) return "discriminator";
  if (tensors.has("generator.input.input") || tensors.has("ecd0.0.0.weight")) return "gpen";
  if (tensors.has("input.input")) return "prior";
  const some = [...tensors.keys()].slice(0, 3).map((name) => quote(name));
  throw new WeightsError(
    `${WHERE}: none of "generator.input.input", "input.input" and "final_conv.0.weight" is among the ${tensors.size} tensors (${some.join(", ") || "none"}); this is not a GPEN checkpoint`,
  );
}

function ofGenerator(checkpoint: Checkpoint, kind: ModelKind, options: InferOptions): Found {
  const prefix = kind === "gpen" ? "generator." : "";
  const levels = countNames(checkpoint, (i) => `${prefix}to_rgbs.${i}.conv.weight`, 0);
  const counts = [{ ...channel(checkpoint, `${prefix}input.input`, 4, 1), r: 4 }];
  for (let i = 0; i < levels; i++) {
    const count = channel(checkpoint, `${prefix}convs.${2 * i}.conv.weight`, 5, 1);
    counts.push({ ...count, r: 8 * 2 ** i });
  }
  const outSize = 4 * 2 ** levels;
  agree(checkpoint, "out_size", outSize, `${prefix}to_rgbs.${levels - 1}.conv.weight`);
  let inSize = outSize;
  if (kind === "gpen") {
    const encoder = ofEncoder(checkpoint);
    counts.push(...encoder);
    inSize = encoder[0].r;
    agree(checkpoint, "in_size", inSize, `ecd${encoder.length - 1}.0.1.weight`);
  }
  const [styleDim] = shapeOf(checkpoint, `${prefix}style.1.weight`, 2);
  agree(checkpoint, "style_dim", styleDim, `${prefix}style.1.weight`);
  const nMlp = countNames(checkpoint, (i) => `${prefix}style.${i}.weight`, 1);
  agree(checkpoint, "n_mlp", nMlp, `${prefix}style.${nMlp}.weight`);
  const noise = findNoise(checkpoint, prefix, options);
  return { inSize, outSize, styleDim, nMlp, noise, counts };
}

/** Encoder layers from the full resolution down to 4 px: ecd0 has no filter before its weight. */
function ofEncoder(checkpoint: Checkpoint): ChannelCount[] {
  const first = channel(checkpoint, "ecd0.0.0.weight", 4, 0);
  const n = countNames(checkpoint, (i) => `ecd${i}.0.1.weight`, 1);
  const rest = Array.from({ length: n }, (_, i) =>
    channel(checkpoint, `ecd${i + 1}.0.1.weight`, 4, 0),
  );
  return [first, ...rest].map((count, i) => ({ ...count, r: 4 * 2 ** (n - i) }));
}

function ofDiscriminator(checkpoint: Checkpoint): Found {
  const n = countNames(checkpoint, (i) => `convs.${i}.conv2.1.weight`, 1);
  const size = 4 * 2 ** n;
  agree(checkpoint, "out_size", size, `convs.${n}.conv2.1.weight`);
  const counts = [{ ...channel(checkpoint, "convs.0.0.weight", 4, 0), r: size }];
  for (let i = 1; i <= n; i++) {
    const count = channel(checkpoint, `convs.${i}.conv2.1.weight`, 4, 0);
    counts.push({ ...count, r: size / 2 ** i });
  }
  return { inSize: size, outSize: size, styleDim: 512, nMlp: 8, noise: "concat", counts };
}

/** Concatenated noise doubles what the activation sees; added noise leaves no trace in shapes. */
function findNoise(checkpoint: Checkpoint, prefix: string, options: InferOptions): NoiseMode {
  const name = `${prefix}conv1.activate.bias`;
  const [biases] = shapeOf(checkpoint, name, 1);
  const { c } = channel(checkpoint, `${prefix}conv1.conv.weight`, 5, 1);
  if (biases !== c && biases !== 2 * c) {
    throw new WeightsError(
      `${WHERE}: ${quote(name)} has ${biases} values; ${c} or ${2 * c} fit "${prefix}conv1.conv.weight"`,
    );
  }
  const said = readNoise(checkpoint);
  for (const [source, noise] of [
    ["--noise", options.noise],
    ["metadata gpen.noise", said],
  ]) {
    if (noise !== undefined && (noise === "concat") !== (biases === 2 * c)) {
      throw new WeightsError(
        `${WHERE}: ${source} is ${noise}, but ${quote(name)} has ${biases} values for ${c} channels, which is noise ${biases === c ? "add or none" : "concat"}`,
      );
    }
  }
  if (biases === 2 * c) return "concat";
  const noise = options.noise ?? said;
  if (noise === undefined) {
    throw new WeightsError(
      `${WHERE}: the tensors fit noise added and no noise alike (${quote(name)} has ${c} values); pass --noise add or --noise none`,
    );
  }
  if (said !== undefined && noise !== said) {
    throw new WeightsError(
      `${WHERE}: --noise is ${noise}, but the file's metadata gpen.noise is ${said}; leave --noise out`,
    );
  }
  return noise;
}

function readNoise({ metadata }: Checkpoint): NoiseMode | undefined {
  const said = metadata.get("gpen.noise");
  if (said === undefined || said === "concat" || said === "add" || said === "none") return said;
  throw new WeightsError(
    `${WHERE}: metadata gpen.noise is ${quote(said)}; it must be concat, add or none`,
  );
}

function readNormalise({ metadata }: Checkpoint): boolean {
  const said = metadata.get("gpen.normalise") ?? "true";
  if (said === "true" || said === "false") return said === "true";
  throw new WeightsError(
    `${WHERE}: metadata gpen.normalise is ${quote(said)}; it must be true or false`,
  );
}

/** Metadata `gpen.KEY`, if there is any, must be the number that the tensor tells. */
function agree({ metadata }: Checkpoint, key: string, value: number, tensor: string): void {
  const said = metadata.get(`gpen.${key}`);
  if (said !== undefined && (said.trim() === "" || Number(said) !== value)) {
    throw new WeightsError(
      `${WHERE}: metadata gpen.${key} is ${quote(said)}, but ${quote(tensor)} makes it ${value}`,
    );
  }
}

/** How many consecutive names there are, from index `first` on. */
function countNames({ tensors }: Checkpoint, name: (i: number) => string, first: number): number {
  let n = 0;
  while (tensors.has(name(first + n))) n++;
  if (n === 0) throw new WeightsError(`${WHERE}: "${name(first)}" is missing from the checkpoint`);
  return n;
}

function shapeOf({ tensors }: Checkpoint, name: string, rank: number): Shape {
  const tensor = tensors.get(name);
  if (!tensor) throw new WeightsError(`${WHERE}: ${quote(name)} is missing from the checkpoint`);
  if (tensor.shape.length !== rank) {
    throw new WeightsError(
      `${WHERE}: ${quote(name)} is ${show(tensor.shape)}; ${rank} sizes were expected`,
    );
  }
  return tensor.shape;
}

function channel(
  checkpoint: Checkpoint,
  tensor: string,
  rank: number,
  axis: number,
): Omit<ChannelCount, "r"> {
  return { tensor, c: shapeOf(checkpoint, tensor, rank)[axis] };
}
