import { existsSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { WeightsError } from "../errors";
import { type FileSource, openFileSource } from "../node/file_source";
import type { Task } from "../restore/task";
import { PUBLISHED } from "../weights/published";
import { PUBLISHED_SIZES } from "../weights/published_config";
import { randomSource } from "../weights/random_source";

/** Weights that a command line names, and what is known about them by the name. */
export interface ModelFile {
  /** Where they lie; for random weights, their name. */
  readonly path: string;
  readonly task: Task;
  open(): Promise<FileSource>;
}

/** How help texts describe an argument that names a model. */
export const MODEL_HELP = `file of weights, the name of one in ./models, or random-SIZE[:SEED] (${PUBLISHED_SIZES.join(", ")})`;

/** Directories that hold models by name: that of the caller, and the package's own. */
export function modelDirs(): string[] {
  const here = dirname(fileURLToPath(import.meta.url));
  // beside dist/gpen.js, or two levels up from src/cli when run from source
  const own = [join(here, "..", "models"), join(here, "..", "..", "models")];
  return [...new Set(["models", ...own])].filter((dir) => existsSync(dir));
}

/**
 * Finds the model that a command line names: a file, the name of a published model or of a file in
 * ./models or `dir`, or random weights of a published size ("random-512", "random-512:7").
 *
 * Errors    WeightsError if nothing has this name
 */
export function findModel(model: string, dir?: string): ModelFile {
  const published = PUBLISHED.find((entry) => entry.name.toLowerCase() === model.toLowerCase());
  const files = [model, published?.file, `${model}.safetensors`, `${model}.pth`, `${model}.onnx`];
  const paths = [
    ...(isFile(model) ? [model] : []),
    ...[...(dir === undefined ? [] : [dir]), ...modelDirs()].flatMap((dir) =>
      files.flatMap((file) => (file ? [join(dir, file)] : [])),
    ),
  ];
  const path = paths.find(isFile);
  if (path) {
    return { path, task: published?.task ?? taskOf(path), open: () => openFileSource(path) };
  }
  const [, size, seed = "0"] = /^random-(\d{1,5})(?::(\d{1,9}))?$/.exec(model) ?? [];
  if (size !== undefined) {
    return { path: model, task: "restore", open: () => openRandom(Number(size), Number(seed)) };
  }
  if (published) {
    throw new WeightsError(
      `model: ${model} is published but not here; put ${published.file} from ${published.places[0]} into ./models, or name its directory with --dir (see gpen models for its licence)`,
    );
  }
  throw new WeightsError(
    `model: ${model} is neither a file nor a name in ${dir === undefined ? "./models" : `${dir} or ./models`}; name a file of weights, or see gpen models`,
  );
}

async function openRandom(size: number, seed: number): Promise<FileSource> {
  return { ...(await randomSource(size, seed)), close: async () => {} };
}

/** The task of a published file that was only given by its path. */
function taskOf(path: string): Task {
  const file = basename(path);
  return PUBLISHED.find((entry) => entry.file === file)?.task ?? "restore";
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
