import type { ByteSource } from "./byte_source";
import type { Checkpoint } from "./checkpoint";

/** A file format that checkpoints come in beside safetensors; see gpen-webgpu/importers. */
export interface Format {
  readonly name: string;
  /** Whether a file holds several sets of weights, of which a key names one. */
  readonly keyed: boolean;
  /** Whether a file that begins with these bytes, 256 at most, is of this format. */
  recognises(first: Uint8Array): boolean;
  /** Opens a file; throws WeightsError if it is damaged. */
  read(source: ByteSource, options: FormatOptions): Promise<Checkpoint>;
}

/** What a format may need to know beside the file. */
export interface FormatOptions {
  /** Which entry of a training checkpoint holds the weights; "g_ema" if not given. */
  readonly key?: string;
}
