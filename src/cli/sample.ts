import { extname } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { FORMATS } from "../importers/index";
import { loadSampler, type SampleOptions, type Sampler, sample } from "../index";
import { imageFormat, writeImage } from "../node/image";
import { MODEL_HELP } from "./model_file";
import { withFile, withGpu } from "./open_model";
import {
  addAdapterOption,
  addModelOptions,
  fraction,
  type ModelOptions,
  wholeNumber,
} from "./options";
import { UsageError } from "./usage_error";

interface SampleCommandOptions extends ModelOptions, SampleOptions {
  readonly adapter: string;
  readonly seed: number;
  readonly count: number;
}

const MAX_SEED = 2 ** 32 - 1;

/** gpen sample M OUT: faces from the GAN prior alone, from random latents. */
export function sampleCommand(program: Command): Command {
  const command = program
    .command("sample")
    .description("draw faces from the GAN prior alone")
    .argument("<model>", MODEL_HELP)
    .argument("<out>", "picture to write; with --count, the seed is put before the extension")
    .option("--seed <number>", "seed of latents and noise", wholeNumber(0, MAX_SEED), 0)
    .option(
      "--count <number>",
      "how many pictures, with consecutive seeds",
      wholeNumber(1, 10_000),
      1,
    )
    .option("--truncation <number>", "1 keeps the latent, 0 takes the mean one", fraction, 1)
    .option("--mix <seed:layer>", "the latent of another seed from this layer on", mixing);
  addAdapterOption(addModelOptions(command));
  return command.action(async (name, out, options: SampleCommandOptions) => {
    if (!imageFormat(out)) {
      throw new UsageError(`sample: ${out} must end in .png, .jpg, .jpeg or .webp`);
    }
    await withFile(name, options, (source) =>
      withGpu(options.adapter, async (gpu) => {
        const { key, noise } = options;
        const sampler = await loadSampler(gpu, source, { key, formats: FORMATS, noise });
        try {
          process.stdout.write(`adapter  ${gpu.name}\n`);
          await drawAll(sampler, out, options);
        } finally {
          sampler.dispose();
        }
      }),
    );
  });
}

async function drawAll(sampler: Sampler, out: string, options: SampleCommandOptions) {
  const { truncation, mix } = options;
  for (let i = 0; i < options.count; i++) {
    const seed = options.seed + i;
    const end = extname(out);
    const file = options.count === 1 ? out : `${out.slice(0, -end.length)}_${seed}${end}`;
    await writeImage(file, await sample(sampler, { seed, truncation, mix }));
    process.stdout.write(`wrote    ${file}\n`);
  }
}

/** "7:4" -> seed 7 from layer 4 on. */
function mixing(text: string): { seed: number; layer: number } {
  const [, seed, layer] = /^(\d{1,10}):(\d{1,2})$/.exec(text) ?? [];
  if (layer === undefined || Number(seed) > MAX_SEED) {
    throw new InvalidArgumentError("It must be SEED:LAYER, for example 7:4.");
  }
  return { seed: Number(seed), layer: Number(layer) };
}
