import { existsSync } from "node:fs";
import puppeteer, { type Browser } from "puppeteer";

const USUAL_PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

const FLAGS = ["--no-sandbox", "--enable-unsafe-webgpu", "--enable-features=Vulkan"];
/** The watchdog ends a GPU process that is busy for ten seconds, as SwiftShader is with one image. */
const SOFTWARE = ["--use-webgpu-adapter=swiftshader", "--disable-gpu-watchdog"];

export interface ChromiumOptions {
  /** Path of a Chromium or Chrome; CHROMIUM_PATH, then the usual places by default. */
  readonly path?: string;
  /** The graphics card instead of SwiftShader, which every machine has. */
  readonly hardware?: boolean;
  readonly flags?: readonly string[];
}

/** Starts a Chromium without a window, with WebGPU. Throws Error, one sentence, if it cannot. */
export async function launchChromium(options: ChromiumOptions = {}): Promise<Browser> {
  const executablePath = findChromium(options.path);
  const args = [...FLAGS, ...(options.hardware ? [] : SOFTWARE), ...(options.flags ?? [])];
  // one answer may take as long as the page's main thread is busy
  return puppeteer.launch({ executablePath, args, protocolTimeout: 0 }).catch((error: Error) => {
    const [what] = error.message.split("\n");
    throw new Error(`browser: ${executablePath} does not start (${what}); try another Chromium`);
  });
}

/** The Chromium or Chrome to drive. Throws Error, one sentence, if there is none. */
export function findChromium(given?: string): string {
  const named = given ?? process.env.CHROMIUM_PATH;
  if (named !== undefined) {
    if (existsSync(named)) return named;
    throw new Error(`browser: there is no ${named}; name a Chromium or Chrome by CHROMIUM_PATH`);
  }
  const found = USUAL_PLACES.find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new Error(
    "browser: no Chromium was found in the usual places; install one, or name it by CHROMIUM_PATH",
  );
}
