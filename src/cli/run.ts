import { extname } from "node:path";
import type { Command } from "commander";
import { addEngineOptions, type EngineOptions } from "./options";
import { samePlace } from "./restore";
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
    .argument("<model>", "file of weights, or the name of one in ./models")
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
    throw new Error(`run: ${name} is not run yet`);
  });
}
