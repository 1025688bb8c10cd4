import { statSync } from "node:fs";
import { extname } from "node:path";
import { type Command, Option } from "commander";
import { FORMATS } from "../importers/index";
import type { GpenConfig } from "../weights/config";
import { checkpointReader } from "../weights/gpen";
import { inferConfig } from "../weights/infer_config";
import { openCheckpoint } from "../weights/open_checkpoint";
import { findModel, MODEL_HELP } from "./model_file";
import { mb, withFile } from "./open_model";
import { addModelOptions, type ModelOptions } from "./options";
import { samePlace } from "./restore";
import { writeSafetensorsFile } from "./safetensors_file";
import { UsageError } from "./usage_error";

interface ConvertOptions extends ModelOptions {
  readonly dtype: "f16" | "f32";
}

/** gpen convert IN OUT.safetensors: any readable format to safetensors with its configuration. */
export function convertCommand(program: Command): Command {
  const command = program
    .command("convert")
    .description("write a model of any format as safetensors, configuration included")
    .argument("<in>", MODEL_HELP)
    .argument("<out>", "file to write, .safetensors")
    .addOption(
      new Option("--dtype <type>", "element type to store").choices(["f16", "f32"]).default("f32"),
    );
  return addModelOptions(command).action(async (from, to, options: ConvertOptions) => {
    if (extname(to) !== ".safetensors") {
      throw new UsageError(`convert: ${to} must end in .safetensors`);
    }
    if (samePlace(findModel(from, options.dir).path, to)) {
      throw new UsageError(`convert: ${to} is the input itself; name another place for the result`);
    }
    await convert(from, to, options);
  });
}

async function convert(from: string, to: string, options: ConvertOptions): Promise<void> {
  await withFile(from, options, async (source, file) => {
    const checkpoint = await openCheckpoint(source, { key: options.key, formats: FORMATS });
    const { kind, config } = inferConfig(checkpoint, { noise: options.noise });
    await checkpointReader(checkpoint, kind, config);
    // the published seg2face model is known by its name only; its tensors do not tell
    const normalise = config.normalise && file.task !== "seg2face";
    const metadata = new Map([...checkpoint.metadata, ...describe({ ...config, normalise })]);
    await writeSafetensorsFile(to, checkpoint.tensors, metadata, upper(options.dtype));
    const { size } = statSync(to);
    const count = checkpoint.tensors.size;
    process.stdout.write(
      `wrote    ${to}: ${kind}, ${count} tensors as ${options.dtype}, ${mb(size)}\n`,
    );
  });
}

/** The configuration as metadata stores it: "gpen.in_size", ... */
function describe(config: GpenConfig): [string, string][] {
  const snake = (name: string) => name.replaceAll(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);
  return Object.entries(config).map(([name, value]) => [`gpen.${snake(name)}`, String(value)]);
}

function upper(dtype: "f16" | "f32"): "F16" | "F32" {
  return dtype === "f16" ? "F16" : "F32";
}
