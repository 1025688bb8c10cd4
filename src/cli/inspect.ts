import type { Command } from "commander";
import { findModel } from "./model_file";
import { addModelOptions, type ModelOptions } from "./options";

/** gpen inspect M: what a file of weights is, and what it takes to run it. */
export function inspectCommand(program: Command): Command {
  const command = program
    .command("inspect")
    .description("configuration, layers, memory plan, and which sizes fit this device")
    .argument("<model>", "file of weights, or the name of one in ./models")
    .option("--adapter <which>", "auto, hardware, software, or part of an adapter's name", "auto");
  return addModelOptions(command).action(async (name, options: ModelOptions) => {
    const file = findModel(name);
    throw new Error(`inspect: ${file.path} ${JSON.stringify(options)} is not read yet`);
  });
}
