import { WeightsError } from "../errors";
import type { ByteSource, Scratch } from "./byte_source";
import { quote } from "./quote";

/** The bytes [offset, offset + length), or a WeightsError if they do not lie within the file. */
export async function readWithin(
  source: ByteSource,
  where: string,
  what: string,
  offset: number,
  length: number,
  scratch?: Scratch,
): Promise<Uint8Array> {
  if (!(offset >= 0 && length >= 0 && offset + length <= source.size)) {
    throw new WeightsError(
      `${where}: ${what} at bytes ${offset} to ${offset + length} lies outside the file of ${source.size} bytes; the file is cut short or damaged`,
    );
  }
  const bytes = await source.read(offset, length, scratch);
  if (bytes.byteLength !== length) {
    throw new WeightsError(
      `${where}: ${bytes.byteLength} bytes came back for ${what} at byte ${offset}, ${length} were asked for; did the file change?`,
    );
  }
  return bytes;
}

/** Returns `values`, or throws a WeightsError that names the first NaN or infinite one. */
export function checkFinite(where: string, name: string, values: Float32Array): Float32Array {
  // A plain loop: findIndex takes four times as long, which shows at 71 million weights.
  let bad = 0;
  while (bad < values.length && Number.isFinite(values[bad])) bad++;
  if (bad < values.length) {
    throw new WeightsError(
      `${where}: ${quote(name)} holds ${values[bad]} at index ${bad}; weights must be finite float32 numbers`,
    );
  }
  return values;
}
