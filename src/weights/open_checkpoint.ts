import type { ByteSource } from "./byte_source";
import type { Checkpoint } from "./checkpoint";
import type { Format, FormatOptions } from "./format";
import { readPlainSafetensors } from "./plain_safetensors";

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
  const plain = options.key === undefined && (await readPlainSafetensors(source));
  return plain || (await import("./open_unusual")).openUnusual(source, options);
}
