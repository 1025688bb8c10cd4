import { type Command, InvalidArgumentError } from "commander";
import { imageFormat } from "../node/image";
import { addEngineOptions, type EngineOptions, fraction, wholeNumber } from "./options";
import { UsageError } from "./usage_error";

interface SampleOptions extends EngineOptions {
  readonly seed: number;
  readonly count: number;
  readonly truncation: number;
  readonly mix?: { readonly seed: number; readonly layer: number };
}

const MAX_SEED = 2 ** 32 - 1;

/** gpen sample M OUT: faces from the GAN prior alone, from random latents. */
export function sampleCommand(program: Command): Command {
  const command = program
    .command("sample")
    .description("draw faces from the GAN prior alone")
    .argument("<model>", "file of weights, or the name of one in ./models")
    .argument("<out>", "picture to write; with --count, a number is put before the extension")
    .option("--seed <number>", "seed of latents and noise", wholeNumber(0, MAX_SEED), 0)
    .option(
      "--count <number>",
      "how many pictures, with consecutive seeds",
      wholeNumber(1, 10_000),
      1,
    )
    .option("--truncation <number>", "1 keeps the latent, 0 takes the mean one", fraction, 1)
    .option("--mix <seed:layer>", "the latent of another seed from this layer on", mixing);
  return addEngineOptions(command).action(async (name, out, options: SampleOptions) => {
    if (!imageFormat(out)) {
      throw new UsageError(`sample: ${out} must end in .png, .jpg, .jpeg or .webp`);
    }
    throw new Error(`sample: ${name} ${options.seed} is not sampled yet`);
  });
}

/** "7:4" -> seed 7 from layer 4 on. */
function mixing(text: string): { seed: number; layer: number } {
  const [, seed, layer] = /^(\d{1,10}):(\d{1,2})$/.exec(text) ?? [];
  if (layer === undefined || Number(seed) > MAX_SEED) {
    throw new InvalidArgumentError("It must be SEED:LAYER, for example 7:4.");
  }
  return { seed: Number(seed), layer: Number(layer) };
}
