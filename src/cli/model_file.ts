import { existsSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { WeightsError } from "../errors";
import { PUBLISHED, type Task } from "../weights/published";

/** A file of weights on this machine, and what is known about it by its name. */
export interface ModelFile {
  readonly path: string;
  readonly name: string;
  readonly task: Task;
}

/** Directories that hold models by name: that of the caller, and the package's own. */
export function modelDirs(): string[] {
  const here = dirname(fileURLToPath(import.meta.url));
  // beside dist/gpen.js, or two levels up from src/cli when run from source
  const own = [join(here, "..", "models"), join(here, "..", "..", "models")];
  return [...new Set(["models", ...own])].filter((dir) => existsSync(dir));
}

/**
 * Finds the model that a command line names: a file, or the name of a published model or of a
 * file in ./models.
 *
 * Errors    WeightsError if nothing has this name
 */
export function findModel(model: string): ModelFile {
  const published = PUBLISHED.find((entry) => entry.name.toLowerCase() === model.toLowerCase());
  const files = [model, published?.file, `${model}.safetensors`, `${model}.pth`, `${model}.onnx`];
  const paths = [
    ...(isFile(model) ? [model] : []),
    ...modelDirs().flatMap((dir) => files.flatMap((file) => (file ? [join(dir, file)] : []))),
  ];
  const path = paths.find(isFile);
  if (path) return { path, name: basename(path), task: published?.task ?? taskOf(path) };
  if (published) {
    throw new WeightsError(
      `model: ${model} is published but not here; put ${published.file} from ${published.places[0]} into ./models (see gpen models for its licence)`,
    );
  }
  throw new WeightsError(
    `model: ${model} is neither a file nor a name in ./models; name a file of weights, or see gpen models`,
  );
}

/** The task of a published file that was only given by its path. */
function taskOf(path: string): Task {
  const file = basename(path);
  return PUBLISHED.find((entry) => entry.file === file)?.task ?? "restore";
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
