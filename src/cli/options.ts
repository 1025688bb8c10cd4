import { type Command, InvalidArgumentError, Option } from "commander";
import type { AdapterChoice } from "../node/driver";
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
    .option("--strength <number>", "1 shows the restored face, 0 the input", fraction, 1)
    .option("--compare <file>", "also write before and after side by side")
    .addOption(
      new Option(
        "--task <task>",
        "what the model does (default: what it was published for)",
      ).choices(Object.keys(TASKS)),
    )
    .option("--aligned", "the picture is one aligned face (the only kind for now)", true)
    .option("--resume", "directories: skip pictures that are finished already", false);
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
