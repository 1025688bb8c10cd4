import { driverIsChosen, findIcds, type Icd, openDriver, openIcd } from "../src/node/driver";
import {
  addBackports,
  candidate,
  hasApt,
  install,
  majorVersion,
  SetupError,
  updateSources,
} from "./apt";

/** Dawn refuses the lavapipe of Mesa 22 (Debian 12); that of Mesa 23 and later was seen to work. */
const LEAST_MESA = 23;

export interface DriverWishes {
  /** lavapipe in particular, from the release's backports where its own Mesa is too old. */
  readonly lavapipe?: boolean;
  /** SwiftShader in particular, beside what is there. */
  readonly swiftshader?: boolean;
}

/** The name of the adapter that would be used, or undefined where there is none. */
export async function adapterFound(): Promise<string | undefined> {
  return openDriver("auto").then(
    (driver) => driver.name,
    () => undefined,
  );
}

/**
 * Makes sure that some WebGPU adapter opens, installing a software driver where none does, and
 * returns its name. Errors: SetupError, one sentence naming the command to run.
 */
export async function ensureAdapter(): Promise<string> {
  const name = await adapterFound();
  if (name) return name;
  console.log("setup: no WebGPU adapter was found; a software driver is needed");
  await installDriver({});
  const now = await adapterFound();
  if (now) return now;
  throw new SetupError(
    "setup: a software driver was installed, but no WebGPU adapter opens; run `npm run setup -- --lavapipe`",
  );
}

/** Installs what `wishes` ask for, or without wishes the first software driver that opens. */
export async function installDriver(wishes: DriverWishes): Promise<void> {
  const wanted = (["lavapipe", "swiftshader"] as const).filter((kind) => wishes[kind]);
  const missing: Icd["kind"][] = [];
  for (const kind of wanted) if (!(await opens(kind))) missing.push(kind);
  if (wanted.length > 0 && missing.length === 0) return;
  refuseWithoutApt();
  if (!candidate("mesa-vulkan-drivers")) updateSources();
  if (wanted.length === 0) return installAny();
  if (missing.includes("lavapipe")) await installLavapipe();
  if (missing.includes("swiftshader")) await installSwiftShader();
}

function refuseWithoutApt(): void {
  if (driverIsChosen()) {
    throw new SetupError("setup: VK_ICD_FILENAMES names the driver; unset it to install another");
  }
  if (!hasApt()) {
    throw new SetupError(
      process.platform === "linux"
        ? "setup: drivers are installed on Debian and Ubuntu only; install your distribution's package of Mesa's lavapipe (for example vulkan-swrast or mesa-vulkan-drivers)"
        : "setup: drivers are installed on Debian and Ubuntu only; update the driver of your graphics card",
    );
  }
  if (process.getuid?.() !== 0) {
    throw new SetupError("setup: installing a driver needs root; run `sudo npm run setup`");
  }
}

async function installAny(): Promise<void> {
  const version = candidate("mesa-vulkan-drivers");
  if (majorVersion(version) >= LEAST_MESA) {
    install(["mesa-vulkan-drivers", "libvulkan1"]);
    if (await opens("lavapipe")) return;
    console.log("setup: lavapipe is installed but does not open; trying SwiftShader");
  } else {
    const got = version ? `is ${version}, too old for WebGPU` : "is not in the package sources";
    console.log(`setup: mesa-vulkan-drivers ${got}; taking SwiftShader, which comes with chromium`);
  }
  await installSwiftShader();
}

async function installLavapipe(): Promise<void> {
  const recent = majorVersion(candidate("mesa-vulkan-drivers")) >= LEAST_MESA;
  install(["mesa-vulkan-drivers", "libvulkan1"], recent ? undefined : addBackports());
  if (await opens("lavapipe")) return;
  throw new SetupError(
    "setup: lavapipe was installed but no adapter opens; run `npm run setup` for SwiftShader instead",
  );
}

async function installSwiftShader(): Promise<void> {
  if (!candidate("chromium")) {
    throw new SetupError(
      "setup: the package sources have no chromium, which contains SwiftShader; run `npm run setup -- --lavapipe`",
    );
  }
  install(["chromium", "libvulkan1"]);
  if (await opens("swiftshader")) return;
  throw new SetupError(
    "setup: chromium was installed, but its SwiftShader does not open; run `npm run setup -- --lavapipe`",
  );
}

/** Whether a driver of this kind is on the machine and gives an adapter. */
async function opens(kind: Icd["kind"]): Promise<boolean> {
  for (const icd of findIcds().filter((each) => each.kind === kind)) {
    if (await openIcd(icd.file)) return true;
  }
  return false;
}
