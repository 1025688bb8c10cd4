import { type Gpen, type Gpu, loadGpen } from "../index";
import { openFileSource } from "../node/file_source";
import { openNodeGpu } from "../node/gpu";
import type { Task } from "../weights/published";
import { findModel, type ModelFile } from "./model_file";
import type { EngineOptions } from "./options";

export interface OpenModel {
  readonly gpu: Gpu;
  readonly model: Gpen;
  readonly file: ModelFile;
  readonly task: Task;
}

/** Opens the GPU and the model that a command line names, runs `use`, and closes both. */
export async function withModel<Result>(
  name: string,
  options: EngineOptions & { readonly task?: Task },
  use: (open: OpenModel) => Promise<Result>,
): Promise<Result> {
  const file = findModel(name);
  const source = await openFileSource(file.path);
  let gpu: Gpu | undefined;
  let model: Gpen | undefined;
  try {
    gpu = await openNodeGpu({ adapter: options.adapter });
    const task = options.task ?? file.task;
    const { key, noise, precision } = options;
    model = await loadGpen(gpu, source, { key, noise, precision, task });
    return await use({ gpu, model, file, task });
  } finally {
    model?.dispose();
    gpu?.dispose();
    await source.close();
  }
}

/** Lines that say what ran where and how long each part took. */
export function describeRun({ gpu, model, file, task }: OpenModel, runMs: readonly number[]) {
  const { inSize, outSize } = model.config;
  const { loadMs, compileMs } = model.timings;
  const { peakBytes, weightBytes } = model.memory;
  const sizes = `${inSize}x${inSize}${inSize === outSize ? "" : ` to ${outSize}x${outSize}`}`;
  const run = runMs.length === 1 ? `run ${ms(runMs[0])}` : `run ${ms(median(runMs))} (median)`;
  return [
    `adapter  ${gpu.name}`,
    `model    ${file.path}: ${task}, ${sizes}, ${model.precision}`,
    `time     load ${ms(loadMs)}, compile ${ms(compileMs)}, ${run}`,
    `memory   ${mb(weightBytes)} of weights, ${mb(peakBytes)} of activations`,
  ];
}

function ms(value: number): string {
  return value >= 9999.5 ? `${(value / 1000).toFixed(1)} s` : `${Math.round(value)} ms`;
}

function mb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
