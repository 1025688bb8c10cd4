import { rmSync } from "node:fs";
import { build } from "vite";
import { EXPECTED } from "./expected";
import { BUILD, ROOT } from "./servers";

/** Vitest calls this before the first browser test: the library as users get it, of this source. */
export async function setup(): Promise<void> {
  rmSync(EXPECTED, { force: true });
  await build({
    root: ROOT,
    logLevel: "error",
    build: { outDir: BUILD, emptyOutDir: true },
  });
}
