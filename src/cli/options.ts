import { type Command, InvalidArgumentError, Option } from "commander";
import type { AdapterChoice } from "../node/driver";
import type { Only } from "../photo/choose_faces";
import { TEMPLATE_NAMES, type TemplateName } from "../photo/templates";
import { TASKS, type Task } from "../restore/task";
import type { NoiseMode } from "../weights/config";
import { MODEL_HELP } from "./model_file";

/** How a model file is read; wherever a command takes a model. */
export interface ModelOptions {
  readonly dir?: string;
  readonly key?: string;
  readonly noise?: NoiseMode;
}

/** On what and how exactly a model runs. */
export interface EngineOptions extends ModelOptions {
  readonly adapter: AdapterChoice;
  readonly precision: "auto" | "f32" | "f16";
}

export interface RestoreOptions extends EngineOptions {
  readonly model: string;
  readonly strength: number;
  readonly compare?: string;
  readonly task?: Task;
  readonly resume: boolean;
  readonly aligned: boolean;
  readonly keepColour: boolean;
  readonly only?: Only;
  readonly template?: TemplateName;
  readonly background?: string;
  /** Directory for aligned and restored faces. */
  readonly faces?: string;
}

export function addModelOptions(command: Command): Command {
  return command
    .option("--dir <directory>", "look for models by name here too")
    .option("--key <name>", "entry of a training checkpoint that holds the weights (g_ema)")
    .addOption(
      new Option("--noise <mode>", "how encoder features enter, where tensors cannot tell").choices(
        ["concat", "add", "none"],
      ),
    );
}

export function addAdapterOption(command: Command): Command {
  return command.option(
    "--adapter <which>",
    "auto, hardware, software, or part of an adapter's name",
    "auto",
  );
}

export function addEngineOptions(command: Command): Command {
  return addAdapterOption(addModelOptions(command)).addOption(
    new Option("--precision <type>", "arithmetic of the network")
      .choices(["auto", "f32", "f16"])
      .default("auto"),
  );
}

export function addRestoreOptions(command: Command): Command {
  return addEngineOptions(command)
    .option("--model <model>", MODEL_HELP, "gpen-tiny-128")
    .option("--strength <number>", "1 shows the restored faces, 0 the input", fraction, 1)
    .option("--keep-colour", "luminance from the network, colour from the photo", false)
    .option("--only <which>", "all, largest, or N for the N largest faces (all)", onlyOf)
    .addOption(
      new Option("--template <name>", "how faces are aligned (default: by the model)").choices(
        TEMPLATE_NAMES,
      ),
    )
    .option("--background <file>", "paste into this, the photo as another tool enlarged it")
    .option("--faces <directory>", "also write each face, aligned and restored")
    .option("--compare <file>", "also write before and after side by side")
    .addOption(
      new Option(
        "--task <task>",
        "what the model does (default: what it was published for)",
      ).choices(TASKS),
    )
    .option("--aligned", "the picture is one aligned face, not a photo", false)
    .option("--resume", "directories: skip pictures that are finished already", false);
}

/** all, largest, or how many. */
function onlyOf(text: string): Only {
  if (text === "all" || text === "largest") return text;
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be all, largest, or a whole number from 1 on.");
}

/** A number from 0 to 1. */
export function fraction(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value <= 1)) {
    throw new InvalidArgumentError("It must be a number from 0 to 1.");
  }
  return value;
}

/** A whole number from `least` to `most`. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || !(value >= least && value <= most)) {
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    }
    return value;
  };
}
