import { ShapeError } from "../errors";
import { channels, type GpenConfig, resolutions } from "./config";

/** Throws a ShapeError if no GPEN has this configuration. */
export function checkConfig(config: GpenConfig): void {
  for (const key of ["inSize", "outSize"] as const) {
    const size = config[key];
    if (!Number.isInteger(Math.log2(size)) || size < 8 || size > 2048) {
      throw new ShapeError(`config: ${key} ${size} must be a power of two from 8 to 2048`);
    }
  }
  if (config.outSize < config.inSize) {
    throw new ShapeError(
      `config: outSize ${config.outSize} must be at least inSize ${config.inSize}; GPEN never shrinks a face`,
    );
  }
  for (const key of ["styleDim", "nMlp"] as const) {
    if (!Number.isInteger(config[key]) || config[key] < 1 || config[key] > 4096) {
      throw new ShapeError(`config: ${key} ${config[key]} must be a whole number from 1 to 4096`);
    }
  }
  for (const r of resolutions(config.outSize)) {
    const c = channels(config, r);
    if (!(c >= 1 && c <= 4096)) {
      throw new ShapeError(
        `config: channel multiplier ${config.channelMultiplier} and narrow ${config.narrow} give ${c} channels at ${r} px; use 1 to 4096`,
      );
    }
  }
}
