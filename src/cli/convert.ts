import { extname } from "node:path";
import { type Command, Option } from "commander";
import { findModel } from "./model_file";
import { addModelOptions, type ModelOptions } from "./options";
import { samePlace } from "./restore";
import { UsageError } from "./usage_error";

interface ConvertOptions extends ModelOptions {
  readonly dtype: "f16" | "f32";
}

/** gpen convert IN OUT.safetensors: any readable format to safetensors with its configuration. */
export function convertCommand(program: Command): Command {
  const command = program
    .command("convert")
    .description("write a model of any format as safetensors, configuration included")
    .argument("<in>", "file of weights, or the name of one in ./models")
    .argument("<out>", "file to write, .safetensors")
    .addOption(
      new Option("--dtype <type>", "element type to store").choices(["f16", "f32"]).default("f32"),
    );
  return addModelOptions(command).action(async (from, to, options: ConvertOptions) => {
    if (extname(to) !== ".safetensors") {
      throw new UsageError(`convert: ${to} must end in .safetensors`);
    }
    const file = findModel(from);
    if (samePlace(file.path, to)) {
      throw new UsageError(`convert: ${to} is the input itself; name another place for the result`);
    }
    throw new Error(`convert: ${file.path} ${options.dtype} is not converted yet`);
  });
}
