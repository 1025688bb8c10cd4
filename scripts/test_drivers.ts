import { driverIsChosen, findIcds, openDriver, openIcd } from "../src/node/driver";
import { SetupError } from "./apt";
import { ensureAdapter } from "./install_driver";

/** One run of the GPU tests: the environment that gives them their driver. */
export interface GpuRun {
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  /** Whether tests named .slow.gpu.test.ts are part of it. */
  readonly slow: boolean;
}

/**
 * The drivers to test on: the caller's VK_ICD_FILENAMES alone if it is set, else a hardware adapter,
 * lavapipe and SwiftShader as far as they are there. Slow tests are for all but SwiftShader. Where
 * there is none, one is installed; where that fails, one run remains, in which all GPU tests are
 * skipped (or fail, with REQUIRE_GPU=1).
 */
export async function gpuRuns(): Promise<GpuRun[]> {
  if (driverIsChosen()) return [{ name: await defaultName(), env: {}, slow: true }];
  let runs = await foundRuns();
  if (runs.length === 0) {
    try {
      await ensureAdapter();
      runs = await foundRuns();
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      console.error(error.message);
    }
  }
  return runs.length > 0 ? runs : [{ name: "no adapter", env: {}, slow: true }];
}

async function defaultName(): Promise<string> {
  return openDriver("auto").then(
    (driver) => driver.name,
    () => "no adapter",
  );
}

async function foundRuns(): Promise<GpuRun[]> {
  const hardware = await openDriver("hardware").catch(() => undefined);
  const runs: GpuRun[] = hardware ? [{ name: hardware.name, env: {}, slow: true }] : [];
  for (const kind of ["lavapipe", "swiftshader"] as const) {
    for (const icd of findIcds().filter((each) => each.kind === kind)) {
      const driver = await openIcd(icd.file);
      if (!driver) continue;
      const env = { VK_ICD_FILENAMES: icd.file };
      runs.push({ name: driver.name, env, slow: kind === "lavapipe" });
      break;
    }
  }
  return runs;
}
