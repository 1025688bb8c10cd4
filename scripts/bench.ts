import { spawnSync } from "node:child_process";
import { SetupError } from "./apt";
import { ensureAdapter } from "./install_driver";

const OUTPUTS = ["--json", "out/bench.json", "--html", "out/bench.html"];

/** npm run bench: builds what is measured, sees to a driver, and runs `gpen bench`. */
async function main(args: readonly string[]): Promise<number> {
  const built = run("npm", ["run", "build", "--silent"]);
  if (built !== 0) return built;
  try {
    // a named adapter is the caller's own affair
    const needsNone = ["--adapter", "--list", "--help"].some((option) => args.includes(option));
    if (!needsNone) await ensureAdapter();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    return 1;
  }
  return run(process.execPath, ["dist/gpen.js", "bench", ...OUTPUTS, ...args]);
}

function run(command: string, args: readonly string[]): number {
  return spawnSync(command, args, { stdio: "inherit" }).status ?? 1;
}

process.exit(await main(process.argv.slice(2)));
