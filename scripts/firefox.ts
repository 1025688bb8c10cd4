import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import puppeteer, { type Browser } from "puppeteer";
import { findIcds } from "../src/node/driver";

const USUAL_PLACES = [
  "/usr/bin/firefox-esr",
  "/usr/bin/firefox",
  "/snap/bin/firefox",
  "/Applications/Firefox.app/Contents/MacOS/firefox",
  "C:\\Program Files\\Mozilla Firefox\\firefox.exe",
];

/** Firefox 140 has no WebGPU on Linux, 153 has. */
export const LEAST_FIREFOX = 153;

/** WebGPU, also on adapters that compute on the CPU, and a camera that needs nobody's consent. */
const PREFERENCES = {
  "dom.webgpu.enabled": true,
  "dom.webgpu.workers.enabled": true,
  "gfx.webgpu.ignore-blocklist": true,
  "media.navigator.streams.fake": true,
  "media.navigator.permission.disabled": true,
};

/** Starts a Firefox without a window, with WebGPU. Throws Error, one sentence, if it cannot. */
export async function launchFirefox(executablePath = findFirefox()): Promise<Browser> {
  const driver = process.env.VK_ICD_FILENAMES ?? softwareDriver();
  return puppeteer
    .launch({
      browser: "firefox",
      executablePath,
      extraPrefsFirefox: PREFERENCES,
      env: { ...process.env, ...(driver && { VK_ICD_FILENAMES: driver }) },
      protocolTimeout: 0,
    })
    .catch((error: Error) => {
      const [what] = error.message.split("\n");
      throw new Error(`browser: ${executablePath} does not start (${what}); try another Firefox`);
    });
}

/** Firefox brings no driver of its own. That of the fastest adapter which every machine can have. */
function softwareDriver(): string | undefined {
  const icds = findIcds();
  return (icds.find(({ kind }) => kind === "lavapipe") ?? icds[0])?.file;
}

/** The Firefox to drive. Throws Error, one sentence, if there is none with WebGPU. */
export function findFirefox(): string {
  const named = process.env.FIREFOX_PATH;
  const found = named ? [named].find(existsSync) : USUAL_PLACES.find((path) => existsSync(path));
  if (found === undefined) {
    throw new Error(
      `browser: ${named ? `there is no ${named}` : "no Firefox was found in the usual places"}; install one, or name it by FIREFOX_PATH`,
    );
  }
  const { stdout } = spawnSync(found, ["--version"], { encoding: "utf8" });
  const version = Number(/(\d+)\./.exec(stdout ?? "")?.[1]);
  if (version >= LEAST_FIREFOX) return found;
  throw new Error(
    `browser: ${found} is Firefox ${version || "of an unknown version"}; WebGPU needs ${LEAST_FIREFOX} or later`,
  );
}
