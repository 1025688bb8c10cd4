import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { SetupError } from "./apt";
import { ensureAdapter } from "./install_driver";

const GPEN = "dist/gpen.js";
const EXAMPLES = "examples";
const OUT = "out";

/** npm run restore: `gpen restore` that also sees to a driver; without arguments, the example. */
async function main(args: readonly string[]): Promise<number> {
  if (!existsSync(GPEN)) {
    console.error(`restore: ${GPEN} is not built; run \`npm run build\``);
    return 1;
  }
  try {
    // usage errors need no driver, and a named adapter is the caller's own affair
    if (args.length !== 1 && !args.includes("--adapter")) await ensureAdapter();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    return 1;
  }
  return args.length > 0 ? gpen(["restore", ...args]) : restoreExamples();
}

function restoreExamples(): number {
  for (const file of readdirSync(EXAMPLES).filter((name) => name.endsWith(".png"))) {
    const from = join(EXAMPLES, file);
    const compare = join(OUT, `${basename(file, ".png")}_before_after.png`);
    console.log(`restoring ${from}`);
    const code = gpen(["restore", from, join(OUT, file), "--compare", compare]);
    if (code !== 0) return code;
  }
  return 0;
}

function gpen(args: readonly string[]): number {
  return spawnSync(process.execPath, [GPEN, ...args], { stdio: "inherit" }).status ?? 1;
}

process.exit(await main(process.argv.slice(2)));
