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
    const length = Number(new DataView(first.buffer, first.byteOffset).getBigUint64(0, true));
    if (8 + length > source.size) return;
    const decoder = new TextDecoder("utf-8", { fatal: true });
    const text = decoder.decode(await source.read(8, length));
    const header: Header = JSON.parse(text);
    // Names given twice, which parsing loses, are among what makes a difference here.
    if (JSON.stringify(header) !== text.trimEnd()) return;
    const { __metadata__: metadata = {}, ...entries } = header;
    const tensors = tensorsOf(source, 8 + length, entries as Readonly<Record<string, Entry>>);
    const isPlain = !Array.isArray(metadata) && Object.values(metadata).every(isText);
    if (!tensors || !isPlain) return;
    return { format: "safetensors", tensors, metadata: new Map(Object.entries(metadata)) };
  } catch {
    return; // no JSON, or a field that is not what it should be
  }
}

/** The tensors, if they fill the rest of the file one after another. */
function tensorsOf(
  source: ByteSource,
  start: number,
  entries: Readonly<Record<string, Entry>>,
): Map<string, StoredTensor> | undefined {
  const tensors = new Map<string, StoredTensor>();
  let end = 0;
  for (const [name, { dtype, shape, data_offsets: offsets }] of Object.entries(entries)) {
    const begin = end;
    const bytes = numel(shape) * { F32: 4, F16: 2 }[dtype];
    end += bytes;
    const isPlain =
      shape.length <= 8 &&
      shape.every((size) => Number.isInteger(size) && size > 0) &&
      `${offsets}` === `${[begin, end]}`;
    if (!isPlain) return;
    tensors.set(name, {
      shape,
      dtype,
      folded: 1,
      async read(scratch) {
        const stored = await source.read(start + begin, bytes, scratch);
        const values = decodePlain(dtype, stored);
        if (stored.byteLength === bytes && allFinite(values)) return values;
        const { readSafetensors } = await import("./safetensors");
        return (await readSafetensors(source)).tensors.get(name)!.read();
      },
    });
  }
  return start + end === source.size ? tensors : undefined;
}

/** A plain loop: every() takes four times as long, which shows at 71 million weights. */
function allFinite(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}
