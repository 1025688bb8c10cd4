import { WeightsError } from "../errors";
import type { ByteSource } from "./byte_source";
import type { Checkpoint } from "./checkpoint";
import { needlessKey, refuseImpostor, unreadable } from "./explain_file";
import type { OpenOptions } from "./open_checkpoint";
import { isHeader } from "./plain_safetensors";
import { readSafetensors } from "./safetensors";

const FIRST_BYTES = 256;

/**
 * Opens what readPlainSafetensors does not: safetensors files that need a careful reader, and what one
 * of `formats` recognises.
 *
 * Errors    WeightsError in one sentence: an empty file, a web page, a git-lfs pointer, an unknown
 *           format, one whose importer was not passed, `key` for a format that has no entries, and
 *           everything the readers say
 */
export async function openUnusual(
  source: ByteSource,
  { key, formats = [] }: OpenOptions,
): Promise<Checkpoint> {
  if (source.size === 0) {
    throw new WeightsError("weights: the file is empty (0 bytes); download it again");
  }
  const first = await source.read(0, Math.min(FIRST_BYTES, source.size));
  const careful = isHeader(String.fromCharCode(first[8]))
    ? { name: "safetensors", keyed: false, read: readSafetensors }
    : undefined;
  if (!careful) refuseImpostor(first);
  const format = careful ?? formats.find((each) => each.recognises(first));
  if (key !== undefined && format?.keyed === false) throw needlessKey(key, format.name);
  if (!format) throw unreadable(first);
  return format.read(source, { key });
}
