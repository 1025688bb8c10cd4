import { extname } from "node:path";
import type { Command } from "commander";
import { FORMATS } from "../importers/index";
import type { Gpu } from "../index";
import { openFileSource } from "../node/file_source";
import { show } from "../tensor";
import type { Checkpoint } from "../weights/checkpoint";
import { checkpointReader } from "../weights/gpen";
import { inferConfig } from "../weights/infer_config";
import { openCheckpoint } from "../weights/open_checkpoint";
import { readSafetensors } from "../weights/safetensors";
import type { Writable } from "../weights/write_safetensors";
import { MODEL_HELP } from "./model_file";
import { withFile, withGpu } from "./open_model";
import { addEngineOptions, type EngineOptions } from "./options";
import { networksFor, runNetwork } from "./raw_networks";
import { samePlace } from "./restore";
import { writeSafetensorsFile } from "./safetensors_file";
import { UsageError } from "./usage_error";

interface RunOptions extends EngineOptions {
  readonly in: string;
  readonly out: string;
  readonly taps: boolean;
}

/** gpen run M --in X --out Y: raw tensors through the network, for comparison with other engines. */
export function runCommand(program: Command): Command {
  const command = program
    .command("run")
    .description("run raw tensors: input -> output, prior.z -> prior.output, input -> disc.logits")
    .argument("<model>", MODEL_HELP)
    .requiredOption("--in <file>", "safetensors with input, extra_noise.N, prior.z, prior.noise.N")
    .requiredOption("--out <file>", "safetensors to write")
    .option("--taps", "also write every intermediate (tap.*, disc.feat.*)", false);
  return addEngineOptions(command).action(async (name, options: RunOptions) => {
    for (const file of [options.in, options.out]) {
      if (extname(file) === ".safetensors") continue;
      throw new UsageError(`run: ${file} must end in .safetensors`);
    }
    if (samePlace(options.in, options.out)) {
      throw new UsageError(`run: --out ${options.out} is the input itself; name another file`);
    }
    await runRaw(name, options);
  });
}

async function runRaw(name: string, options: RunOptions): Promise<void> {
  const given = await openFileSource(options.in);
  try {
    const inputs = await readSafetensors(given);
    const outputs = await withFile(name, options, async (source) => {
      const checkpoint = await openCheckpoint(source, { key: options.key, formats: FORMATS });
      return withGpu(options.adapter, (gpu) => compute(gpu, checkpoint, inputs, options));
    });
    await writeSafetensorsFile(options.out, outputs, new Map(), "F32");
    const lines = [...outputs].map(([key, { shape }]) => `${key} ${show(shape)}\n`);
    process.stdout.write(`${lines.join("")}wrote    ${options.out}\n`);
  } finally {
    await given.close();
  }
}

async function compute(
  gpu: Gpu,
  checkpoint: Checkpoint,
  inputs: Checkpoint,
  options: RunOptions,
): Promise<Map<string, Writable>> {
  const { kind, config } = inferConfig(checkpoint, { noise: options.noise });
  const read = await checkpointReader(checkpoint, kind, config);
  const outputs = new Map<string, Writable>();
  process.stdout.write(`adapter  ${gpu.name}\n`);
  for (const network of networksFor(kind, config, inputs, options.taps)) {
    // raw numbers are for comparing: f16 only where it is asked for
    const precision = options.precision === "f16" ? "f16" : "f32";
    for (const [key, tensor] of await runNetwork(gpu, network, inputs, read, precision)) {
      outputs.set(key, tensor);
    }
  }
  return outputs;
}
