import type { ReadParameter } from "../graph/node";
import type { Checkpoint } from "./checkpoint";
import { channels, type GpenConfig, type NoiseMode } from "./config";
import { firTaps } from "./fir_taps";
import { parameterReader } from "./parameter_reader";

/** A network that a file holds, and the reader of its parameters. */
export interface StoredNetwork {
  readonly config: GpenConfig;
  readonly read: ReadParameter;
}

/**
 * Finds out what a checkpoint holds. Files with the metadata that gpen convert writes say what they are,
 * and are believed as long as the network finds every parameter in its shape; of others, and of those
 * where it does not, names and shapes tell, as infer_config reads them, which is loaded then.
 *
 * Errors    WeightsError, as inferConfig and checkpointReader throw it, here or from read(); if the file
 *           does not hold the network that is wanted
 */
export async function openNetwork(
  checkpoint: Checkpoint,
  { noise }: { readonly noise?: NoiseMode },
  wanted: "gpen" | "prior" = "gpen",
): Promise<StoredNetwork> {
  const look = async () => (await import("./look_into")).lookInto(checkpoint, noise, wanted);
  const config = noise ? undefined : await statedConfig(checkpoint);
  if (!config) return look();
  return { config, read: parameterReader(checkpoint.tensors, look) };
}

/** The configuration that metadata states, of a whole GPEN with as many tensors as it has. */
export async function statedConfig({
  tensors,
  metadata,
}: Checkpoint): Promise<GpenConfig | undefined> {
  let count = tensors.size;
  for (const [name, tensor] of tensors) {
    if (!name.endsWith("kernel")) continue;
    const taps = await tensor.read();
    if (firTaps(name).some((tap, i) => tap !== taps[i])) return;
    count--;
  }
  const number = (key: string) => Number(metadata.get(`gpen.${key}`));
  const stated = {
    inSize: number("in_size"),
    outSize: number("out_size"),
    channelMultiplier: number("channel_multiplier"),
    narrow: number("narrow"),
    noise: "concat",
    normalise: true,
  } as const;
  // 2 a layer of the mapping, 14 a resolution of the prior, 2 one of the encoder.
  const nMlp = count / 2 + 9 - 7 * Math.log2(stated.outSize) - Math.log2(stated.inSize);
  const styleDim = tensors.get(`generator.style.${nMlp}.weight`)?.shape[0];
  if (!styleDim || ![1, 2].includes(stated.channelMultiplier)) return;
  const config = { ...stated, styleDim, nMlp };
  const others = { style_dim: styleDim, n_mlp: nMlp, noise: stated.noise, normalise: true };
  const c4 = tensors.get("generator.input.input")?.shape[1];
  const fits = Object.entries(others).every(
    ([key, value]) => `${metadata.get(`gpen.${key}`) ?? value}` === `${value}`,
  );
  if (fits && channels(config, 4) === c4) return config;
}
