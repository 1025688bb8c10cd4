import { realpathSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import { imageFormat } from "../node/image";
import { describeRun } from "./open_model";
import { addRestoreOptions, type RestoreOptions } from "./options";
import { restoreDirectory } from "./restore_directory";
import { withRestorer } from "./restore_picture";
import { UsageError } from "./usage_error";

/** gpen restore IN OUT: one photo, or every photo of a directory; --aligned: faces alone. */
export function restoreCommand(program: Command): Command {
  const command = program
    .command("restore")
    .description("restore the faces of a photo, or of every photo in a directory")
    .argument("<in>", "PNG, JPEG or WebP picture, or a directory")
    .argument("<out>", "picture to write, or a directory");
  return addRestoreOptions(command).action(async (from, to, options: RestoreOptions) => {
    const stat = statSync(from, { throwIfNoEntry: false });
    if (!stat)
      throw new UsageError(`restore: ${from} does not exist; name a picture or a directory`);
    if (samePlace(from, to)) {
      throw new UsageError(`restore: ${to} is the input itself; name another place for the result`);
    }
    checkAligned(options);
    await (stat.isDirectory() ? restoreDirectory : restoreFile)(from, to, options);
  });
}

/** Restores one picture; what it says is in describeRun and the notes. */
async function restoreFile(from: string, to: string, options: RestoreOptions): Promise<void> {
  checkExtension(from);
  if (options.background !== undefined) checkExtension(options.background);
  for (const file of [to, options.compare]) if (file !== undefined) checkOutput(from, file);
  if (options.compare !== undefined && samePlace(options.compare, to)) {
    throw new UsageError(`restore: --compare ${to} is also the result; name two files`);
  }
  await withRestorer(options, async (open, restorePicture) => {
    const { ms, notes } = await restorePicture(from, to);
    const lines =
      ms === undefined ? notes : [...describeRun(open, [ms]), ...notes, `wrote    ${to}`];
    const compared = options.compare ? [`wrote    ${options.compare}`] : [];
    process.stdout.write(`${[...lines, ...compared].join("\n")}\n`);
  });
}

/** What is about photos makes no sense with a face alone. */
function checkAligned(options: RestoreOptions): void {
  if (!options.aligned) return;
  const photos = ["only", "template", "background", "faces", "keepColour"] as const;
  const given = photos.find((name) => options[name]);
  if (!given) return;
  const flag = given.replace("C", "-c");
  throw new UsageError(`restore: --${flag} is for photos; leave out it or --aligned`);
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
