import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { SetupError } from "./apt";
import { ensureAdapter } from "./install_driver";

const GPEN = "dist/gpen.js";
const EXAMPLE = "examples/photo.jpg";
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
  return args.length > 0 ? gpen(["restore", ...args]) : restoreExample();
}

function restoreExample(): number {
  console.log(`restoring ${EXAMPLE}`);
  const [to, compare] = ["photo.png", "photo_before_after.png"].map((file) => join(OUT, file));
  return gpen(["restore", EXAMPLE, to, "--compare", compare]);
}

function gpen(args: readonly string[]): number {
  return spawnSync(process.execPath, [GPEN, ...args], { stdio: "inherit" }).status ?? 1;
}

process.exit(await main(process.argv.slice(2)));
