import { WeightsError } from "../errors";
import type { GpenConfig } from "./config";

/** Sides of the published models in pixels. */
export const PUBLISHED_SIZES = [256, 512, 1024, 2048] as const;

/**
 * The configuration that models of this size were published with: GPEN-256 is narrower.
 * Errors: WeightsError for any other size. Source: GPEN README and test commands.
 */
export function publishedConfig(size: number): GpenConfig {
  if (!PUBLISHED_SIZES.some((known) => known === size)) {
    throw new WeightsError(
      `model: no GPEN of ${size} px was published; use ${PUBLISHED_SIZES.join(", ")}`,
    );
  }
  const [channelMultiplier, narrow] = size === 256 ? [1, 0.5] : [2, 1];
  const [inSize, outSize, styleDim, nMlp] = [size, size, 512, 8];
  const width = { channelMultiplier, narrow };
  return { inSize, outSize, styleDim, nMlp, ...width, noise: "concat", normalise: true };
}
