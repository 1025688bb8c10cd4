import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { GpuError } from "../errors";
import { identify } from "../gpu/adapter_name";

/** "auto" prefers hardware and falls back to software; any other text is looked for in the name. */
export type AdapterChoice = "auto" | "hardware" | "software" | (string & {});

/** An adapter that answered, and the WebGPU instance that it came from. */
export interface Driver {
  /** As output names it: "llvmpipe (software)". */
  readonly name: string;
  readonly software: boolean;
  readonly instance: GPU;
  readonly adapter: GPUAdapter;
}

/** A Vulkan driver found on disk: the JSON manifest that VK_ICD_FILENAMES takes. */
export interface Icd {
  readonly kind: "lavapipe" | "swiftshader" | "other";
  readonly file: string;
  /** Whether it lies where the Vulkan loader looks by itself. */
  readonly byLoader: boolean;
}

/** SwiftShader comes with Chromium and Chrome, beside the browser rather than with the loader. */
const BROWSER_DIRS = [
  "/usr/lib/chromium",
  "/usr/lib/chromium-browser",
  "/usr/lib64/chromium-browser",
  "/opt/google/chrome",
  "/opt/chromium.org/chromium",
];

/**
 * The Vulkan drivers on this machine: lavapipe first, which is faster than SwiftShader, and
 * hardware drivers last, which the loader finds by itself.
 */
export function findIcds(): Icd[] {
  const dataDirs = (process.env.XDG_DATA_DIRS || "/usr/local/share:/usr/share").split(delimiter);
  const icdDirs = [...dataDirs, "/etc"].map((dir) => join(dir, "vulkan", "icd.d"));
  const files = [...icdDirs, ...BROWSER_DIRS].flatMap((dir) =>
    listed(dir)
      .filter((file) => /_icd\b.*\.json$/.test(file))
      .map((file) => join(dir, file)),
  );
  const order = { lavapipe: 0, swiftshader: 1, other: 2 };
  return [...new Set(files)]
    .map((file) => ({ kind: kindOf(file), file, byLoader: /icd\.d/.test(file) }))
    .sort((a, b) => order[a.kind] - order[b.kind]);
}

function listed(dir: string): string[] {
  return existsSync(dir) ? readdirSync(dir).sort() : [];
}

function kindOf(file: string): Icd["kind"] {
  if (/lvp_icd/.test(file)) return "lavapipe";
  return /swiftshader/.test(file) ? "swiftshader" : "other";
}

/** Whether the caller has chosen the Vulkan drivers; that choice wins over any search. */
export function driverIsChosen(): boolean {
  return Boolean(process.env.VK_ICD_FILENAMES || process.env.VK_DRIVER_FILES);
}

/**
 * Opens an adapter through Dawn, the WebGPU of Chrome, in Node.
 *
 * Units     "auto" takes hardware if the default loader offers it, else lavapipe, else SwiftShader
 * Errors    GpuError if no adapter answers or none has the wanted name; one sentence with the fix
 * Source    Vulkan loader, VK_ICD_FILENAMES; it is read again by every new Dawn instance
 */
export async function openDriver(choice: AdapterChoice = "auto"): Promise<Driver> {
  const seen = new Set<string>();
  for await (const driver of drivers()) {
    if (wanted(driver, choice)) return driver;
    seen.add(driver.name);
  }
  throw new GpuError(refusal(choice, [...seen]));
}

function wanted(driver: Driver, choice: AdapterChoice): boolean {
  // the loader offers hardware before software, so the first to answer is the best there is
  if (choice === "auto") return true;
  if (choice === "hardware") return !driver.software;
  if (choice === "software") return driver.software;
  return driver.name.toLowerCase().includes(choice.toLowerCase());
}

/**
 * The default loader's adapters and (unless the caller chose the drivers) those of single ICDs. The
 * loader comes last where it knows no driver: Dawn would print its complaints about that.
 */
async function* drivers(): AsyncGenerator<Driver> {
  const { create } = await loadDawn();
  // lavapipe warns when it has no directory for its shader cache
  process.env.XDG_RUNTIME_DIR ??= tmpdir();
  const search = process.platform === "linux" && !driverIsChosen();
  const loaderFirst = !search || findIcds().some((icd) => icd.byLoader);
  if (loaderFirst) yield* loaderDrivers(create);
  if (search) yield* singleDrivers();
  if (!loaderFirst) yield* loaderDrivers(create);
}

async function* loaderDrivers(create: Create): AsyncGenerator<Driver> {
  const first = await open(create, { powerPreference: "high-performance" });
  if (!first) return;
  yield first;
  const fallback = await open(create, { forceFallbackAdapter: true });
  if (fallback && fallback.name !== first.name) yield fallback;
}

async function* singleDrivers(): AsyncGenerator<Driver> {
  for (const icd of findIcds().filter(({ kind }) => kind !== "other")) {
    const driver = await openIcd(icd.file);
    if (driver) yield driver;
  }
}

/** Opens the driver of one ICD file, leaving VK_ICD_FILENAMES as it was. */
export async function openIcd(file: string): Promise<Driver | undefined> {
  const { create } = await loadDawn();
  const before = process.env.VK_ICD_FILENAMES;
  process.env.VK_ICD_FILENAMES = file;
  const driver = await open(create, {});
  if (before === undefined) delete process.env.VK_ICD_FILENAMES;
  else process.env.VK_ICD_FILENAMES = before;
  return driver;
}

async function open(
  create: Create,
  options: GPURequestAdapterOptions,
): Promise<Driver | undefined> {
  const instance = create([]);
  const adapter = await instance.requestAdapter(options).catch(() => null);
  if (!adapter) return undefined;
  return { ...identify(adapter.info), instance, adapter };
}

type Create = (flags: string[]) => GPU;

/** Loads the optional peer `webgpu` and makes its constants (GPUBufferUsage, ...) global. */
export async function loadDawn(): Promise<{ create: Create }> {
  const found = createRequire(import.meta.url);
  try {
    found.resolve("webgpu");
  } catch {
    throw new GpuError(
      "gpu: the package webgpu (Dawn for Node) is not installed; run `npm install webgpu`",
    );
  }
  const dawn = await import("webgpu");
  for (const [name, value] of Object.entries(dawn.globals)) {
    if (!(name in globalThis)) Object.defineProperty(globalThis, name, { value, writable: true });
  }
  return { create: dawn.create };
}

function refusal(choice: AdapterChoice, seen: readonly string[]): string {
  const chosen = process.env.VK_ICD_FILENAMES || process.env.VK_DRIVER_FILES;
  const got = seen.length > 0 ? `only ${seen.join(", ")}` : "no WebGPU adapter";
  if (driverIsChosen()) {
    return `gpu: VK_ICD_FILENAMES is ${chosen}, which gives ${got}; unset it or name a driver that works`;
  }
  if (seen.length > 0) {
    return `gpu: --adapter ${choice} was asked for and ${got} was found; use --adapter auto`;
  }
  return `gpu: no WebGPU adapter was found; ${driverAdvice()}`;
}

/** One sentence: what to run to get a driver on this platform. */
export function driverAdvice(): string {
  if (process.platform !== "linux") return "update the driver of the graphics card";
  if (existsSync("/etc/debian_version")) {
    return "run `npm run setup` as root, which installs a software driver";
  }
  return "install a Vulkan driver, for example the package of Mesa's lavapipe (vulkan-swrast, mesa-vulkan-drivers)";
}
