import { SetupError } from "./apt";
import { ensureAdapter, installDriver } from "./install_driver";
import { ensureFirefox } from "./install_firefox";

const OPTIONS = ["--lavapipe", "--swiftshader", "--firefox"];

/** Installs a software driver where WebGPU has no adapter, and what is asked for; see README, "Drivers". */
async function main(args: readonly string[]): Promise<number> {
  const unknown = args.find((arg) => !OPTIONS.includes(arg));
  if (unknown !== undefined) {
    console.error(
      `setup: ${unknown} is not an option; use npm run setup -- with any of ${OPTIONS.join(", ")}`,
    );
    return 2;
  }
  try {
    const lavapipe = args.includes("--lavapipe");
    const swiftshader = args.includes("--swiftshader");
    if (lavapipe || swiftshader) await installDriver({ lavapipe, swiftshader });
    if (args.includes("--firefox")) ensureFirefox();
    console.log(`setup: WebGPU runs on ${await ensureAdapter()}`);
    return 0;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    return 1;
  }
}

process.exit(await main(process.argv.slice(2)));
