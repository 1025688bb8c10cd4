import { FORMATS } from "../importers/index";
import { type Gpu, loadGpen } from "../index";
import type { FileSource } from "../node/file_source";
import { openNodeGpu } from "../node/gpu";
import type { Gpen } from "../restore/load";
import type { Task } from "../restore/task";
import { findModel, type ModelFile } from "./model_file";
import type { EngineOptions, ModelOptions } from "./options";

export interface OpenModel {
  readonly gpu: Gpu;
  readonly model: Gpen;
  readonly file: ModelFile;
  readonly task: Task;
}

/** Opens the file of weights that a command line names, runs `use`, and closes it. */
export async function withFile<Result>(
  name: string,
  { dir }: ModelOptions,
  use: (source: FileSource, file: ModelFile) => Promise<Result>,
): Promise<Result> {
  const file = findModel(name, dir);
  const source = await file.open();
  try {
    return await use(source, file);
  } finally {
    await source.close();
  }
}

/** Opens a GPU, runs `use`, and closes it. */
export async function withGpu<Result>(
  adapter: string,
  use: (gpu: Gpu) => Promise<Result>,
): Promise<Result> {
  const gpu = await openNodeGpu({ adapter });
  try {
    return await use(gpu);
  } finally {
    gpu.dispose();
  }
}

/** Opens the GPU and the model that a command line names, runs `use`, and closes both. */
export function withModel<Result>(
  name: string,
  options: EngineOptions & { readonly task?: Task },
  use: (open: OpenModel) => Promise<Result>,
): Promise<Result> {
  const { adapter, key, noise, precision, task } = options;
  return withFile(name, options, (source, file) =>
    withGpu(adapter, async (gpu) => {
      const model = await loadGpen(gpu, source, { key, formats: FORMATS, noise, precision });
      try {
        return await use({ gpu, model, file, task: task ?? file.task });
      } finally {
        model.dispose();
      }
    }),
  );
}

/** Lines that say what ran where and how long each part took. */
export function describeRun(
  { gpu, model, file, task }: OpenModel,
  runMs: readonly number[],
): string[] {
  const { inSize, outSize } = model.config;
  const { loadMs, compileMs } = model.timings;
  const { peakBytes, weightBytes } = model.memory;
  const sizes = `${inSize}x${inSize}${inSize === outSize ? "" : ` to ${outSize}x${outSize}`}`;
  const run = runMs.length === 1 ? `run ${ms(runMs[0])}` : `run ${ms(median(runMs))} (median)`;
  return [
    `adapter  ${gpu.name}`,
    `model    ${file.path}: ${task}, ${sizes}, ${model.precision}`,
    `time     load ${ms(loadMs)} (of it compile ${ms(compileMs)}), ${run}`,
    `memory   ${mb(weightBytes)} of weights, ${mb(peakBytes)} of activations on the GPU; process ${mb(process.resourceUsage().maxRSS * 1024)} at most`,
  ];
}

/** "123 ms", "12.3 s". */
export function ms(value: number): string {
  return value >= 9999.5 ? `${(value / 1000).toFixed(1)} s` : `${Math.round(value)} ms`;
}

/** "12.3 MB". */
export function mb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
