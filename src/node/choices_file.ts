import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import type { ChoiceStore } from "../lowering/kept_choices";

/** gpen-webgpu/tuning.json in the user's cache directory. */
export function choicesPath(): string {
  // Relative paths there are to be ignored (XDG Base Directory Specification).
  const stated = process.env.XDG_CACHE_HOME;
  const cache = stated?.startsWith("/") ? stated : join(homedir(), ".cache");
  return join(cache, "gpen-webgpu", "tuning.json");
}

let parts = 0;

/** Keeps tuned choices in a file, which is complete whenever it is there. */
export function choicesFile(path = choicesPath()): ChoiceStore {
  return {
    read: () => readFile(path, "utf8").catch(() => undefined),
    async write(text) {
      const part = `${path}.${process.pid}.${parts++}.part`;
      await mkdir(dirname(path), { recursive: true });
      try {
        await writeFile(part, text);
        await rename(part, path);
      } finally {
        await rm(part, { force: true });
      }
    },
  };
}
