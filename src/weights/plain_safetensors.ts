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
 * Opens a safetensors file that is as its writers leave it, of F32 or F16. Undefined if anything at all is
 * unusual: openUnusual, which is not loaded otherwise, reads such a file or says what is wrong with it.
 */
export async function readPlainSafetensors(source: ByteSource): Promise<Checkpoint | undefined> {
  try {
    const first = await source.read(0, Math.min(8, source.size));
    const [length, high] = new Uint32Array(new Uint8Array(first).buffer);
    const start = 8 + length;
    if (high > 0 || !(start <= source.size)) return;
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    const text = decoder.decode(await source.read(8, length));
    const header: Header = JSON.parse(text);
    // Names given twice, which parsing loses, are among what makes a difference here.
    if (!isHeader(text) || JSON.stringify(header) !== text.trim()) return;
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
      tensors.set(name, plainTensor(source, name, start, entry));
    }
    if (start + end !== source.size) return;
    return { format: "safetensors", tensors, metadata: new Map(Object.entries(metadata)) };
  } catch {
    return; // no JSON, or a field that is not what it should be
  }
}

/** Whether text that follows the length of a header is a header: a JSON object. */
export function isHeader(text: string): boolean {
  return text[0] === "{";
}

/** A tensor that the careful reader reads instead, or refuses, if there is something wrong with it. */
function plainTensor(
  source: ByteSource,
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
      return (await openUnusual(source, {})).tensors.get(name)!.read();
    },
  };
}

/** A plain loop: every() takes four times as long, which shows at 71 million weights. */
function allFinite(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}
