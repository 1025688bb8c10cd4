/** How encoder features enter the prior: concatenated to its own (published models), added, or not at all. */
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
