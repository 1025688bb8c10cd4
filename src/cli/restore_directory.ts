import { mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { imageFormat } from "../node/image";
import { describeRun, withModel } from "./open_model";
import type { RestoreOptions } from "./options";
import { openProgress } from "./progress";
import { restorePicture } from "./restore";
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
  await withModel(options.model, options, async (open) => {
    const { failures, runMs } = await restoreAll(todo, async (file) => {
      const done = await restorePicture(open, join(from, file), join(to, file), {
        strength: options.strength,
      });
      return done.ms;
    });
    const skipped = files.length - todo.length;
    const restored = `wrote    ${count(runMs.length)} to ${to}${skipped ? `, ${skipped} were finished before` : ""}`;
    process.stdout.write(`${[...describeRun(open, runMs), restored].join("\n")}\n`);
    if (failures.length > 0) {
      throw new Error(
        `restore: ${failures.length} of ${todo.length} pictures failed: ${failures.join("; ")}`,
      );
    }
  });
}

function checkPlaces(from: string, to: string, options: RestoreOptions): void {
  if (options.compare !== undefined) {
    throw new UsageError(`restore: --compare takes one picture, but ${from} is a directory`);
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

async function restoreAll(files: readonly string[], restore: (file: string) => Promise<number>) {
  const progress = openProgress(files.length);
  const failures: string[] = [];
  const runMs: number[] = [];
  for (const file of files) {
    try {
      runMs.push(await restore(file));
    } catch (error) {
      failures.push(`${file} (${(error as Error).message})`);
    }
    progress.step(file);
  }
  progress.stop();
  return { failures, runMs };
}

function count(pictures: number): string {
  return pictures === 1 ? "1 picture" : `${pictures} pictures`;
}
