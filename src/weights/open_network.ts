import type { ReadParameter } from "../graph/node";
import type { Checkpoint } from "./checkpoint";
import type { GpenConfig, NoiseMode } from "./config";
import { gpenParameters } from "./gpen_parameters";
import { holdsExactly, parameterReader } from "./parameter_reader";
import type { ModelKind } from "./parameters";

/** A network that a file holds, and the reader of its parameters. */
export interface StoredNetwork {
  readonly kind: ModelKind;
  readonly config: GpenConfig;
  readonly read: ReadParameter;
}

/**
 * Finds out what a checkpoint holds, and checks that it holds all of it. Files with the metadata that
 * gpen convert writes say what they are; of others, and of those that do not hold it, names and shapes
 * tell, as infer_config reads them, which is loaded then.
 *
 * Errors    WeightsError, as inferConfig and checkpointReader throw it
 */
export async function openNetwork(
  checkpoint: Checkpoint,
  { noise }: { readonly noise?: NoiseMode },
): Promise<StoredNetwork> {
  const stated = noise === undefined ? statedConfig(checkpoint) : undefined;
  if (stated) {
    const expected = new Map(gpenParameters(stated).map((entry) => [entry.key, entry]));
    if (await holdsExactly(checkpoint.tensors, expected)) {
      const read = parameterReader(checkpoint.tensors, expected);
      return { kind: "gpen", config: stated, read };
    }
  }
  const { lookInto } = await import("./look_into");
  return lookInto(checkpoint, noise);
}

const SIDES = [8, 16, 32, 64, 128, 256, 512, 1024, 2048];

/** The configuration that metadata states and nothing contradicts at first sight, of a whole GPEN. */
function statedConfig({ tensors, metadata }: Checkpoint): GpenConfig | undefined {
  const number = (key: string) => Number(metadata.get(`gpen.${key}`));
  const isOrUnsaid = (key: string, value: number) =>
    !metadata.has(`gpen.${key}`) || number(key) === value;
  const [noise, normalise = "true"] = [metadata.get("gpen.noise"), metadata.get("gpen.normalise")];
  const [styleDim] = tensors.get("generator.style.1.weight")?.shape ?? [];
  let nMlp = 0;
  while (tensors.has(`generator.style.${nMlp + 1}.weight`)) nMlp++;
  const [inSize, outSize] = [number("in_size"), number("out_size")];
  const [channelMultiplier, narrow] = [number("channel_multiplier"), number("narrow")];
  const isWhole =
    SIDES.includes(inSize) &&
    SIDES.includes(outSize) &&
    isOrUnsaid("style_dim", styleDim) &&
    isOrUnsaid("n_mlp", nMlp) &&
    channelMultiplier > 0 &&
    narrow > 0 &&
    ["true", "false"].includes(normalise) &&
    (noise === "concat" || noise === "add" || noise === "none");
  if (!isWhole || !styleDim) return;
  const width = { channelMultiplier, narrow };
  return { inSize, outSize, styleDim, nMlp, ...width, noise, normalise: normalise === "true" };
}
