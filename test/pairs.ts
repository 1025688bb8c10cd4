import { existsSync } from "node:fs";
import { resolve } from "node:path";

/**
 * The directory of held-out pairs (NN_lq.png, NN_hq.png), named by GPEN_PAIRS. The pictures show
 * people and are not part of the repository; without them the tests that need them are skipped.
 */
export function pairsDirectory(): string | undefined {
  const named = process.env.GPEN_PAIRS;
  return named && existsSync(named) ? resolve(named) : undefined;
}
