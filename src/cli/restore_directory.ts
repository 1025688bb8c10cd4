import { mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { imageFormat } from "../node/image";
import { describeRun } from "./open_model";
import type { RestoreOptions } from "./options";
import { openProgress } from "./progress";
import { type Done, withRestorer } from "./restore_picture";
import { UsageError } from "./usage_error";

/**
 * Restores every picture of a directory under the same name in another. A bad picture does not stop
 * the others; what failed is named at the end.
 *
 * Errors    Error naming the bad pictures, after all others are done
 */
export async function restoreDirectory(
  from: string,
  to: string,
  options: RestoreOptions,
): Promise<void> {
  checkPlaces(from, to, options);
  const files = readdirSync(from)
    .filter((file) => imageFormat(file))
    .sort();
  if (files.length === 0) {
    throw new Error(`restore: ${from} has no PNG, JPEG or WebP picture; name another directory`);
  }
  const todo = options.resume ? files.filter((file) => !isFinished(join(to, file))) : files;
  if (todo.length === 0) {
    process.stdout.write(`nothing to do: ${to} holds all of ${count(files.length)}\n`);
    return;
  }
  mkdirSync(to, { recursive: true });
  await withRestorer(options, async (open, restorePicture) => {
    const { failures, done } = await restoreAll(todo, (file) =>
      restorePicture(join(from, file), join(to, file)),
    );
    const runMs = done.flatMap(({ ms }) => ms ?? []);
    const faceless = done.length - runMs.length;
    const skipped = files.length - todo.length;
    const restored = [
      `wrote    ${count(done.length)} to ${to}`,
      ...(faceless ? [`${count(faceless)} without a face unchanged`] : []),
      ...(skipped ? [`${skipped} were finished before`] : []),
    ].join(", ");
    const described = runMs.length > 0 ? describeRun(open, runMs) : [];
    process.stdout.write(`${[...described, restored].join("\n")}\n`);
    if (failures.length > 0) {
      throw new Error(
        `restore: ${failures.length} of ${todo.length} pictures failed: ${failures.join("; ")}`,
      );
    }
  });
}

function checkPlaces(from: string, to: string, options: RestoreOptions): void {
  for (const flag of ["compare", "background"] as const) {
    if (options[flag] === undefined) continue;
    throw new UsageError(`restore: --${flag} takes one picture, but ${from} is a directory`);
  }
  const stat = statSync(to, { throwIfNoEntry: false });
  if (stat && !stat.isDirectory()) {
    throw new UsageError(`restore: ${from} is a directory, but ${to} is a file; name a directory`);
  }
}

/** Pictures appear under their names only when complete, so a file that is there is finished. */
function isFinished(file: string): boolean {
  return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

async function restoreAll(files: readonly string[], restore: (file: string) => Promise<Done>) {
  const progress = openProgress(files.length);
  const failures: string[] = [];
  const done: Done[] = [];
  for (const file of files) {
    try {
      done.push(await restore(file));
    } catch (error) {
      failures.push(`${file} (${(error as Error).message})`);
    }
    progress.step(file);
  }
  progress.stop();
  return { failures, done };
}

function count(pictures: number): string {
  return pictures === 1 ? "1 picture" : `${pictures} pictures`;
}
