import { candidate, hasApt, install, majorVersion, updateSources } from "./apt";
import { findFirefox, LEAST_FIREFOX } from "./firefox";

/** Installs a Firefox to test in, where the machine's package sources have one with WebGPU; else says why not. */
export function ensureFirefox(): void {
  try {
    findFirefox();
  } catch (error) {
    const mayInstall = hasApt() && process.getuid?.() === 0;
    if (mayInstall && !candidate("firefox-esr")) updateSources();
    const version = mayInstall ? candidate("firefox-esr") : "";
    if (majorVersion(version) >= LEAST_FIREFOX) install(["firefox-esr"]);
    else console.log(`setup: no Firefox to test in (${(error as Error).message})`);
  }
}
