import type { ByteSource } from "./byte_source";
import type { Checkpoint } from "./checkpoint";
import type { Format, FormatOptions } from "./format";
import { readPlainSafetensors } from "./plain_safetensors";

const FIRST_BYTES = 256;

export interface OpenOptions extends FormatOptions {
  /** What is read beside safetensors. */
  readonly formats?: readonly Format[];
}

/**
 * Opens a checkpoint: safetensors, or one of `formats`, recognised by its first bytes. Only headers
 * are read; each tensor reads its own bytes when asked.
 *
 * Errors    WeightsError in one sentence, as openUnusual throws it
 */
export async function openCheckpoint(
  source: ByteSource,
  options: OpenOptions = {},
): Promise<Checkpoint> {
  const first = await source.read(0, Math.min(FIRST_BYTES, source.size));
  const plain =
    isSafetensors(first) &&
    options.key === undefined &&
    (await readPlainSafetensors(source, first));
  return plain || (await import("./open_unusual")).openUnusual(source, first, options);
}
/** A header in JSON follows the 8 bytes of its length. */
export function isSafetensors(first: Uint8Array): boolean {
  return first[8] === "{".charCodeAt(0);
}
