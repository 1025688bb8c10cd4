import { realpathSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import { restore } from "../index";
import { beforeAfter } from "../node/before_after";
import { imageFormat, readImage, writeImage } from "../node/image";
import { describeRun, type OpenModel, withModel } from "./open_model";
import { addRestoreOptions, type RestoreOptions } from "./options";
import { restoreDirectory } from "./restore_directory";
import { UsageError } from "./usage_error";

/** gpen restore IN OUT: one picture, or every picture of a directory. */
export function restoreCommand(program: Command): Command {
  const command = program
    .command("restore")
    .description("restore a picture of an aligned face, or a directory of them")
    .argument("<in>", "PNG, JPEG or WebP picture, or a directory")
    .argument("<out>", "picture to write, or a directory");
  return addRestoreOptions(command).action(async (from, to, options: RestoreOptions) => {
    const stat = statSync(from, { throwIfNoEntry: false });
    if (!stat)
      throw new UsageError(`restore: ${from} does not exist; name a picture or a directory`);
    if (samePlace(from, to)) {
      throw new UsageError(`restore: ${to} is the input itself; name another place for the result`);
    }
    await (stat.isDirectory() ? restoreDirectory : restoreFile)(from, to, options);
  });
}

/** Restores one picture of the face; what it says is in describeRun. */
async function restoreFile(from: string, to: string, options: RestoreOptions): Promise<void> {
  checkExtension(from);
  for (const file of [to, options.compare]) if (file !== undefined) checkOutput(from, file);
  if (options.compare !== undefined && samePlace(options.compare, to)) {
    throw new UsageError(`restore: --compare ${to} is also the result; name two files`);
  }
  await withModel(options.model, options, async (open) => {
    const runMs = await restorePicture(open, from, to, options);
    const lines = [...describeRun(open, [runMs.ms]), ...runMs.notes, `wrote    ${to}`];
    if (options.compare) lines.push(`wrote    ${options.compare}`);
    process.stdout.write(`${lines.join("\n")}\n`);
  });
}

function checkExtension(file: string): void {
  if (imageFormat(file)) return;
  throw new UsageError(`restore: ${file} must end in .png, .jpg, .jpeg or .webp`);
}

function checkOutput(from: string, file: string): void {
  checkExtension(file);
  if (samePlace(from, file)) {
    throw new UsageError(`restore: ${file} is the input itself; name another place for it`);
  }
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UsageError(`restore: ${file} is a directory; name a picture`);
  }
}

/** Restores one picture with an open model and returns the milliseconds the network took. */
export async function restorePicture(
  { model, task }: OpenModel,
  from: string,
  to: string,
  options: Pick<RestoreOptions, "strength" | "compare">,
): Promise<{ ms: number; notes: string[] }> {
  const before = await readImage(from);
  const { pixels, ms, rerun } = await restore(model, before, { strength: options.strength, task });
  await writeImage(to, pixels);
  if (options.compare) await writeImage(options.compare, await beforeAfter(before, pixels));
  return { ms, notes: rerun ? [`note     computed again in f32: ${rerun}`] : [] };
}

/** Whether two paths mean the same file, links and missing files included. */
export function samePlace(a: string, b: string): boolean {
  return real(a) === real(b);
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}
