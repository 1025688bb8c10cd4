import { numel, type Shape } from "../tensor";
import type { ByteSource } from "./byte_source";
import type { Checkpoint, StoredTensor } from "./checkpoint";
import { type Dtype, decodeFloats, ELEMENT_BYTES } from "./dtype";

interface Header {
  readonly __metadata__?: Readonly<Record<string, string>>;
  readonly [name: string]: Entry | Readonly<Record<string, string>> | undefined;
}

interface Entry {
  readonly dtype: Dtype;
  readonly shape: Shape;
  readonly data_offsets: readonly [begin: number, end: number];
}

/**
 * Opens a safetensors file that is as its writers leave it. Undefined if anything at all is unusual:
 * readSafetensors, which is not loaded otherwise, reads such a file or says what is wrong with it.
 */
export async function readPlainSafetensors(source: ByteSource): Promise<Checkpoint | undefined> {
  try {
    const first = await source.read(0, 8);
    const length = Number(new DataView(first.buffer, first.byteOffset).getBigUint64(0, true));
    const start = 8 + length;
    if (!(start <= source.size)) return;
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    const text = decoder.decode(await source.read(8, length));
    const header: Header = JSON.parse(text);
    // Names given twice, which parsing loses, are among what makes a difference here.
    if (text[0] !== "{" || JSON.stringify(header) !== text.trimEnd()) return;
    const { __metadata__: metadata = {}, ...entries } = header;
    const tensors = tensorsOf(source, start, entries as Readonly<Record<string, Entry>>);
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
  let at = start;
  for (const [name, { dtype, shape, data_offsets: offsets }] of Object.entries(entries)) {
    const offset = at;
    const bytes = numel(shape) * ELEMENT_BYTES[dtype];
    at += bytes;
    const isPlain =
      shape.length <= 8 &&
      shape.every((size) => Number.isInteger(size) && size > 0) &&
      `${offsets}` === `${[offset - start, at - start]}`;
    if (!isPlain) return;
    tensors.set(name, {
      shape,
      dtype,
      folded: 1,
      async read(scratch) {
        const stored = await source.read(offset, bytes, scratch);
        const values = decodeFloats(dtype, stored, scratch);
        if (stored.byteLength === bytes && allFinite(values)) return values;
        const { readSafetensors } = await import("./safetensors");
        return (await readSafetensors(source)).tensors.get(name)!.read();
      },
    });
  }
  return at === source.size ? tensors : undefined;
}

/** A plain loop: every() takes four times as long, which shows at 71 million weights. */
function allFinite(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}
