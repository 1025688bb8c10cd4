import { ShapeError } from "../errors";

export type NoiseMode = "concat" | "add" | "none";

/** One member of the GPEN family. Source: GPEN face_model/gpen_model.py, FullGenerator. */
export interface GpenConfig {
  /** Side of the input in pixels, a power of two from 32 to 2048 (8 and 16 are accepted too). */
  readonly inSize: number;
  /** Side of the output in pixels, a power of two, at least inSize. */
  readonly outSize: number;
  /** Length of the latents z and w. */
  readonly styleDim: number;
  /** Layers of the mapping network. */
  readonly nMlp: number;
  readonly channelMultiplier: number;
  /** Factor on every channel count. */
  readonly narrow: number;
  /** How encoder features enter the prior: GPEN concatenates; "add" and "none" are its ablations. */
  readonly noise: NoiseMode;
  /** Whether pictures enter as [-1, 1] (true) or [0, 1] (false, the published seg2face model). */
  readonly normalise: boolean;
}

/** Feature channels at resolution r: int(512 narrow) up to 32 px, halving with every doubling after. */
export function channels(config: GpenConfig, r: number): number {
  const base = r <= 32 ? 512 : (16384 * config.channelMultiplier) / r;
  return Math.floor(base * config.narrow);
}

/** The resolutions from 4 up to `size`: 4, 8, 16, ... */
export function resolutions(size: number): number[] {
  return Array.from({ length: Math.log2(size) - 1 }, (_, i) => 4 * 2 ** i);
}

/** Latents that the layers index: styled convolutions at 0, 1, 2, ..., toRGB at 1, 3, 5, ... */
export function latentCount(config: GpenConfig): number {
  return 2 * Math.log2(config.outSize) - 2;
}

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
