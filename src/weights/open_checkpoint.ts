import { WeightsError } from "../errors";
import type { ByteSource } from "./byte_source";
import type { Checkpoint } from "./checkpoint";
import type { Format, FormatOptions } from "./format";
import { readPlainSafetensors } from "./plain_safetensors";

const FIRST_BYTES = 256;
const BRACE = "{".charCodeAt(0); // a safetensors header follows the 8 bytes of its length

export interface OpenOptions extends FormatOptions {
  /** What is read beside safetensors. */
  readonly formats?: readonly Format[];
}

/**
 * Opens a checkpoint: safetensors, or one of `formats`, recognised by its first bytes. Only headers
 * are read; each tensor reads its own bytes when asked.
 *
 * Errors    WeightsError in one sentence: an empty file, a web page, a git-lfs pointer, an unknown
 *           format, one whose importer was not passed, `key` for a format that has no entries, and
 *           everything the readers say
 */
export async function openCheckpoint(
  source: ByteSource,
  { key, formats = [] }: OpenOptions = {},
): Promise<Checkpoint> {
  if (source.size === 0) {
    throw new WeightsError("weights: the file is empty (0 bytes); download it again");
  }
  const first = await source.read(0, Math.min(FIRST_BYTES, source.size));
  const isSafetensors = first[8] === BRACE;
  if (isSafetensors && key === undefined) {
    const plain = await readPlainSafetensors(source);
    return plain ?? (await import("./safetensors")).readSafetensors(source);
  }
  const { needlessKey, refuseImpostor, unreadable } = await import("./explain_file");
  refuseImpostor(first);
  const format = isSafetensors ? undefined : formats.find((each) => each.recognises(first));
  if (key !== undefined && (isSafetensors || format?.keyed === false)) {
    throw needlessKey(key, format?.name ?? "safetensors");
  }
  if (!format) throw unreadable(first);
  return format.read(source, { key });
}
