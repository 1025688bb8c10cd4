import { numel, type Shape } from "../tensor";
import type { ByteSource } from "./byte_source";
import type { Checkpoint, StoredTensor } from "./checkpoint";
import { decodePlain } from "./dtype";

interface Header {
  readonly __metadata__?: Readonly<Record<string, string>>;
  readonly [name: string]: Entry | Readonly<Record<string, string>> | undefined;
}

interface Entry {
  readonly dtype: "F32" | "F16";
  readonly shape: Shape;
  readonly data_offsets: readonly [begin: number, end: number];
}

/**
 * Opens a safetensors file that is as its writers leave it; `first` are its first bytes, up to the "{"
 * of its header at least. Undefined if anything at all is unusual: readSafetensors, which is not loaded
 * otherwise, reads such a file or says what is wrong with it.
 */
export async function readPlainSafetensors(
  source: ByteSource,
  first: Uint8Array,
): Promise<Checkpoint | undefined> {
  try {
    const [length, high] = new Uint32Array(new Uint8Array(first.subarray(0, 8)).buffer);
    const start = 8 + length;
    if (high > 0 || start > source.size) return;
    const decoder = new TextDecoder("utf-8", { fatal: true });
    const text = decoder.decode(await source.read(8, length));
    const header: Header = JSON.parse(text);
    // Names given twice, which parsing loses, are among what makes a difference here.
    if (JSON.stringify(header) !== text.trim()) return;
    const { __metadata__: metadata = {}, ...entries } = header;
    const isText = Object.values(metadata).every((value) => typeof value === "string");
    if (Array.isArray(metadata) || !isText) return;
    const tensors = new Map<string, StoredTensor>();
    let end = 0;
    for (const [name, entry] of Object.entries(entries as Readonly<Record<string, Entry>>)) {
      const { dtype, shape, data_offsets: offsets } = entry;
      const begin = end;
      end += numel(shape) * { F32: 4, F16: 2 }[dtype];
      const isShape = shape.every((size) => Number.isInteger(size) && size > 0);
      if (!isShape || `${offsets}` !== `${[begin, end]}`) return;
      tensors.set(name, plainTensor(source, first, name, start, entry));
    }
    if (start + end !== source.size) return;
    return { format: "safetensors", tensors, metadata: new Map(Object.entries(metadata)) };
  } catch {
    return; // no JSON, or a field that is not what it should be
  }
}

/** A tensor that the careful reader reads instead, or refuses, if there is something wrong with it. */
function plainTensor(
  source: ByteSource,
  first: Uint8Array,
  name: string,
  start: number,
  { dtype, shape, data_offsets: [begin, end] }: Entry,
): StoredTensor {
  const length = end - begin;
  return {
    shape,
    dtype,
    folded: 1,
    async read(scratch) {
      const bytes = await source.read(start + begin, length, scratch);
      const values = decodePlain(dtype, bytes);
      if (bytes.byteLength === length && allFinite(values)) return values;
      const { openUnusual } = await import("./open_unusual");
      return (await openUnusual(source, first, {})).tensors.get(name)!.read();
    },
  };
}

/** A plain loop: every() takes four times as long, which shows at 71 million weights. */
function allFinite(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}
