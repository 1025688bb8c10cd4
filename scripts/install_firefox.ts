import { candidate, hasApt, install, SetupError, updateSources } from "./apt";
import { findFirefox } from "./firefox";

/** Makes sure that there is a Firefox to test in. Errors: SetupError, one sentence. */
export function ensureFirefox(): void {
  try {
    findFirefox();
  } catch (error) {
    if (!hasApt() || process.getuid?.() !== 0) throw new SetupError((error as Error).message);
    if (!candidate("firefox-esr")) updateSources();
    install(["firefox-esr"]);
  }
}
