import { WeightsError } from "../errors";
import { type Shape, show } from "../tensor";
import type { ByteSource, Scratch } from "./byte_source";
import type { Checkpoint, StoredTensor } from "./checkpoint";
import { checkJsonKeys } from "./json_keys";
import { quote } from "./quote";
import { readWithin } from "./read_within";
import { elementCount, storedTensor } from "./stored";

const WHERE = "safetensors";
const MAX_HEADER = 100_000_000; // bytes; the format's own limit
const MAX_DEPTH = 3; // header, tensor, shape

/** Bytes of each element type of the format; other types are not known to this reader. */
const BYTES: Readonly<Record<string, number>> = {
  ...{ F64: 8, F32: 4, F16: 2, BF16: 2 },
  ...{ I64: 8, I32: 4, I16: 2, I8: 1, U64: 8, U32: 4, U16: 2, U8: 1, BOOL: 1 },
};

interface Entry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: Shape;
  readonly begin: number;
  readonly end: number;
}

/**
 * Opens a safetensors file: u64 header length, JSON header, then the elements, little-endian.
 * Only the header is read here; each tensor reads its own bytes when asked.
 *
 * Errors    WeightsError, with the byte or the name: a header that is too long or not JSON, names
 *           given twice, offsets that overlap, leave holes or leave the file, sizes that do not
 *           match the shape. Integer tensors are listed, and refused when they are read.
 * Source    the safetensors format, README of its reference implementation
 */
export async function readSafetensors(source: ByteSource): Promise<Checkpoint> {
  const first = await readWithin(source, WHERE, "the header length", 0, 8);
  const length = new DataView(first.buffer, first.byteOffset, 8).getBigUint64(0, true);
  if (length > BigInt(Math.min(MAX_HEADER, source.size - 8))) {
    throw new WeightsError(
      `${WHERE}: the header length at byte 0 is ${length}; it must be at most ${MAX_HEADER} and lie within the file of ${source.size} bytes`,
    );
  }
  const start = 8 + Number(length);
  const header = parseHeader(await readWithin(source, WHERE, "the header", 8, start - 8));
  const metadata = readMetadata(header.__metadata__);
  const entries = Object.entries(header)
    .filter(([name]) => name !== "__metadata__")
    .map(([name, fields]) => readEntry(name, fields));
  checkLayout(entries, source.size - start, start);
  const tensors = new Map<string, StoredTensor>();
  for (const { name, dtype, shape, begin, end } of entries) {
    const bytes = (scratch?: Scratch) =>
      readWithin(source, WHERE, quote(name), start + begin, end - begin, scratch);
    tensors.set(name, storedTensor(WHERE, name, dtype, shape, bytes));
  }
  return { format: "safetensors", tensors, metadata };
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  let header: unknown;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    checkJsonKeys(WHERE, text, MAX_DEPTH);
    header = JSON.parse(text);
  } catch (error) {
    if (error instanceof WeightsError) throw error;
    throw new WeightsError(
      `${WHERE}: the header at bytes 8 to ${8 + bytes.length} is not JSON in UTF-8; the file is damaged`,
    );
  }
  if (!isRecord(header)) {
    throw new WeightsError(`${WHERE}: the header at byte 8 must be a JSON object of tensors`);
  }
  return header;
}

function readMetadata(fields: unknown): Map<string, string> {
  const entries = fields === undefined ? [] : isRecord(fields) ? Object.entries(fields) : null;
  const metadata = new Map<string, string>();
  for (const [key, value] of entries ?? [["", null]]) {
    if (typeof value !== "string") {
      throw new WeightsError(`${WHERE}: __metadata__ must map names to strings${at(key)}`);
    }
    metadata.set(key, value);
  }
  return metadata;
}

function readEntry(name: string, fields: unknown): Entry {
  if (!isRecord(fields)) throw new WeightsError(`${WHERE}: ${quote(name)} must be a JSON object`);
  const { dtype, shape, data_offsets: offsets } = fields;
  if (typeof dtype !== "string" || !Object.hasOwn(BYTES, dtype)) {
    throw new WeightsError(
      `${WHERE}: ${quote(name)} has dtype ${typeof dtype === "string" ? quote(dtype) : typeof dtype}; known are ${Object.keys(BYTES).join(", ")}`,
    );
  }
  if (!isNumbers(shape) || !isNumbers(offsets) || offsets.length !== 2) {
    throw new WeightsError(
      `${WHERE}: ${quote(name)} must have a shape and two data_offsets, all of them numbers`,
    );
  }
  const [begin, end] = offsets;
  if (!(Number.isSafeInteger(begin) && Number.isSafeInteger(end) && 0 <= begin && begin <= end)) {
    throw new WeightsError(
      `${WHERE}: ${quote(name)} has data_offsets ${begin} to ${end}; they must be whole numbers, 0 or more, in order`,
    );
  }
  const bytes = elementCount(WHERE, name, shape) * BYTES[dtype];
  if (end - begin !== bytes) {
    throw new WeightsError(
      `${WHERE}: ${quote(name)} ${show(shape)} of ${dtype} takes ${bytes} bytes, but its data_offsets ${begin} to ${end} hold ${end - begin}`,
    );
  }
  return { name, dtype, shape, begin, end };
}

/** The format wants the elements of all tensors to fill the rest of the file, each byte once. */
function checkLayout(entries: readonly Entry[], size: number, start: number): void {
  let end = 0;
  for (const entry of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (entry.end > size) {
      throw new WeightsError(
        `${WHERE}: ${quote(entry.name)} ends at byte ${start + entry.end}, but the file has ${start + size} bytes; it is cut short`,
      );
    }
    if (entry.begin !== end) {
      throw new WeightsError(
        `${WHERE}: ${quote(entry.name)} begins at byte ${start + entry.begin}, ${entry.begin < end ? "inside" : "with a gap after"} the tensor before it, which ends at ${start + end}; the header is damaged`,
      );
    }
    end = entry.end;
  }
  if (end !== size) {
    throw new WeightsError(
      `${WHERE}: the tensors end at byte ${start + end}, but the file has ${start + size} bytes; the header is damaged`,
    );
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => typeof item === "number");
}

function at(key: string): string {
  return key ? `; ${quote(key)} does not` : "";
}
