import type { Command } from "commander";
import { gpen } from "../graph/gpen";
import { FORMATS } from "../importers/index";
import { type TunedCall, type Tuning, tune } from "../lowering/tune";
import { choicesPath } from "../node/choices_file";
import { choosePrecision } from "../restore/precision";
import { inferConfig } from "../weights/infer_config";
import { openCheckpoint } from "../weights/open_checkpoint";
import { MODEL_HELP } from "./model_file";
import { withFile, withGpu } from "./open_model";
import { addEngineOptions, type EngineOptions, wholeNumber } from "./options";
import { UsageError } from "./usage_error";

interface TuneCommandOptions extends EngineOptions {
  readonly budget?: number;
  readonly json: boolean;
}

/** gpen tune M: measures which kernels are fastest for a model on this adapter, and keeps the result. */
export function tuneCommand(program: Command): Command {
  const command = program
    .command("tune")
    .description("find the fastest right kernels for a model here; loading with tune uses them")
    .argument("<model>", MODEL_HELP)
    .option("--budget <ms>", "milliseconds to spend (2000, software: 60000)", wholeNumber(1, 1e8))
    .option("--json", "print the result as JSON", false);
  return addEngineOptions(command).action(async (name, options: TuneCommandOptions) => {
    const config = await withFile(name, options, async (source) => {
      const checkpoint = await openCheckpoint(source, { key: options.key, formats: FORMATS });
      const { kind, config } = inferConfig(checkpoint, { noise: options.noise });
      if (kind === "gpen") return config;
      throw new UsageError(`tune: ${name} is no whole GPEN but a ${kind}; name one that restores`);
    });
    await withGpu(options.adapter, async (gpu) => {
      const precision = choosePrecision(gpu, options.precision);
      const { output } = gpen(config, 1);
      const { choices: store } = gpu;
      const { budget: budgetMs } = options;
      const tuning = await tune(gpu, { output }, { precision, budgetMs, store, again: true });
      const about = { adapter: gpu.name, model: name, precision, file: choicesPath() };
      const { ms, calls } = tuning;
      const text = options.json
        ? JSON.stringify({ ...about, ms, calls }, null, 2)
        : describe(about, tuning).join("\n");
      process.stdout.write(`${text}\n`);
    });
  });
}

interface About {
  readonly adapter: string;
  readonly model: string;
  readonly precision: string;
  readonly file: string;
}

function describe({ adapter, model, precision, file }: About, { calls, ms }: Tuning): string[] {
  const measured = calls.filter(({ by }) => by === "trial").length;
  return [
    `adapter  ${adapter}`,
    `model    ${model}, ${precision}`,
    ...calls.flatMap((call) => ["", ...describeCall(call)]),
    "",
    `tuned    ${measured} of ${calls.length} calls in ${(ms / 1000).toFixed(1)} s${measured > 0 ? `, kept in ${file}` : ""}`,
  ];
}

function describeCall({ names, macs, chosen, by, trials }: TunedCall): string[] {
  const times = names.length > 1 ? `, ${names.length} times` : "";
  const untimed = trials.length > 0 ? "not all were measured" : "there was no time";
  return [
    `${names.join(", ")}: ${(macs / 1e6).toFixed(1)} MMAC${times}`,
    ...trials.map(({ name, ms, error, refused }) => {
      const time = ms === undefined ? "-" : `${ms.toFixed(3)} ms`;
      const verdict = refused ?? `error ${error?.toExponential(1)}`;
      return `  ${name === chosen ? "*" : " "} ${name.padEnd(18)} ${time.padStart(12)}  ${verdict}`;
    }),
    ...(by === "default" ? [`  * ${chosen}, the default: ${untimed}`] : []),
    ...(by === "kept" ? [`  * ${chosen}, as found before: there was no time`] : []),
  ];
}
