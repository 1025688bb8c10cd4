import { existsSync } from "node:fs";
import { join } from "node:path";

/**
 * The directory of held-out pairs (NN_lq.png, NN_hq.png), which are not part of the repository:
 * GPEN_PAIRS, or the place beside the checkout. Undefined where there is none; tests are then skipped.
 */
export function pairsDirectory(): string | undefined {
  const root = join(import.meta.dirname, "..");
  const dir = process.env.GPEN_PAIRS || join(root, "..", "shared", "models", "pairs");
  return existsSync(dir) ? dir : undefined;
}
