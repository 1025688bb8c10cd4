import { WeightsError } from "../errors";
import type { ByteSource } from "./byte_source";
import type { Checkpoint } from "./checkpoint";
import { needlessKey, refuseImpostor, unreadable } from "./explain_file";
import { isSafetensors, type OpenOptions } from "./open_checkpoint";
import { readSafetensors } from "./safetensors";

/**
 * Opens what is no plain safetensors file, given its first bytes: one that needs a careful reader, or
 * that one of `formats` recognises.
 *
 * Errors    WeightsError in one sentence: an empty file, a web page, a git-lfs pointer, an unknown
 *           format, one whose importer was not passed, `key` for a format that has no entries, and
 *           everything the readers say
 */
export async function openUnusual(
  source: ByteSource,
  first: Uint8Array,
  { key, formats = [] }: OpenOptions,
): Promise<Checkpoint> {
  if (source.size === 0) {
    throw new WeightsError("weights: the file is empty (0 bytes); download it again");
  }
  const careful = isSafetensors(first)
    ? { name: "safetensors", keyed: false, read: readSafetensors }
    : undefined;
  if (!careful) refuseImpostor(first);
  const format = careful ?? formats.find((each) => each.recognises(first));
  if (key !== undefined && format?.keyed === false) throw needlessKey(key, format.name);
  if (!format) throw unreadable(first);
  return format.read(source, { key });
}
