import { SetupError } from "./apt";
import { ensureAdapter, installDriver } from "./install_driver";

const USAGE = "use npm run setup [-- --lavapipe] [--swiftshader]";

/** Installs a software driver where WebGPU has no adapter; see README, "Drivers". */
async function main(args: readonly string[]): Promise<number> {
  const unknown = args.find((arg) => arg !== "--lavapipe" && arg !== "--swiftshader");
  if (unknown !== undefined) {
    console.error(`setup: ${unknown} is not an option; ${USAGE}`);
    return 2;
  }
  try {
    const lavapipe = args.includes("--lavapipe");
    const swiftshader = args.includes("--swiftshader");
    if (lavapipe || swiftshader) await installDriver({ lavapipe, swiftshader });
    console.log(`setup: WebGPU runs on ${await ensureAdapter()}`);
    return 0;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    return 1;
  }
}

process.exit(await main(process.argv.slice(2)));
