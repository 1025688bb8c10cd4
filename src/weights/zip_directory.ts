import { WeightsError } from "../errors";
import type { ByteSource } from "./byte_source";
import { quote } from "./quote";
import { readWithin } from "./read_within";

const WHERE = "zip";
const END_SIGNATURE = 0x06054b50;
const END_SIZE = 22;
const LOCATOR_SIGNATURE = 0x07064b50;
const LOCATOR_SIZE = 20;
const END64_SIGNATURE = 0x06064b50;
const END64_SIZE = 56;
const ENTRY_SIGNATURE = 0x02014b50;
const ENTRY_SIZE = 46;
const MAX_COMMENT = 65535;
const MAX_DIRECTORY = 2 ** 24; // bytes; a checkpoint of 10,000 tensors needs 1 MB
const SATURATED = 0xffffffff; // a 32-bit field whose value is in the zip64 record

/** One file of an archive, as the central directory describes it. */
export interface ZipEntry {
  readonly name: string;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly crc: number;
  /** Bytes in the archive and after unpacking. */
  readonly packed: number;
  readonly size: number;
  /** Where the local header begins, and the first byte that belongs to something else. */
  readonly begin: number;
  readonly limit: number;
}

/**
 * Reads the central directory of a ZIP archive, zip64 included.
 * Errors: WeightsError, with the byte: no directory, encrypted entries, methods other than stored
 * and deflated, names given twice, entries that overlap or leave the file.
 * Source: PKWARE APPNOTE.TXT 6.3, sections 4.3.12 to 4.3.16 and 4.5.3
 */
export async function readZipDirectory(source: ByteSource): Promise<Map<string, ZipEntry>> {
  const { offset, size, count } = await findDirectory(source);
  if (size > MAX_DIRECTORY) fail(offset, `the directory of ${size} bytes exceeds 2^24`);
  const bytes = await readWithin(source, WHERE, "the directory", offset, size);
  const entries: ZipEntry[] = [];
  for (let at = 0; at < size; ) {
    const length = entryLength(bytes, at, offset);
    entries.push(parseEntry(bytes.subarray(at, at + length), offset + at));
    at += length;
  }
  if (entries.length !== count) {
    fail(offset, `the directory holds ${entries.length} entries, but ${count} were announced`);
  }
  return checkEntries(entries, offset);
}

/** Throws the WeightsError of this format. */
export function fail(at: number, problem: string): never {
  throw new WeightsError(`${WHERE}: ${problem}, at byte ${at}; the archive is damaged`);
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

interface Directory {
  readonly offset: number;
  readonly size: number;
  readonly count: number;
}

async function findDirectory(source: ByteSource): Promise<Directory> {
  const tailSize = Math.min(source.size, LOCATOR_SIZE + END_SIZE + MAX_COMMENT);
  const tailAt = source.size - tailSize;
  const bytes = await readWithin(source, WHERE, "the end of the archive", tailAt, tailSize);
  const tail = viewOf(bytes);
  let at = tailSize - END_SIZE;
  // The end record is followed by its comment and nothing else.
  const ends = (i: number) => i + END_SIZE + tail.getUint16(i + 20, true) === tailSize;
  while (at >= 0 && !(tail.getUint32(at, true) === END_SIGNATURE && ends(at))) at--;
  if (at < 0) {
    throw new WeightsError(
      `${WHERE}: no end record in the last ${tailSize} bytes of ${source.size}; the file is cut short or damaged, download it again`,
    );
  }
  const locator = at - LOCATOR_SIZE;
  if (locator >= 0 && tail.getUint32(locator, true) === LOCATOR_SIGNATURE) {
    return readEnd64(source, safe(tail, locator + 8, tailAt + locator));
  }
  if (tail.getUint16(at + 4, true) !== 0 || tail.getUint16(at + 6, true) !== 0) {
    fail(tailAt + at, "the archive is split over several files");
  }
  return {
    count: tail.getUint16(at + 10, true),
    size: tail.getUint32(at + 12, true),
    offset: tail.getUint32(at + 16, true),
  };
}

async function readEnd64(source: ByteSource, at: number): Promise<Directory> {
  const end = viewOf(await readWithin(source, WHERE, "the zip64 end record", at, END64_SIZE));
  if (end.getUint32(0, true) !== END64_SIGNATURE) fail(at, "no zip64 end record");
  return {
    count: safe(end, 32, at),
    size: safe(end, 40, at),
    offset: safe(end, 48, at),
  };
}

/** A u64 that is a file offset: beyond 2^53 it cannot be one. */
function safe(view: DataView, i: number, at: number): number {
  const value = view.getBigUint64(i, true);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) fail(at + i, `${value} is not an offset or size`);
  return Number(value);
}

function entryLength(bytes: Uint8Array, at: number, offset: number): number {
  const left = bytes.length - at;
  const view = viewOf(bytes);
  if (left < ENTRY_SIZE || view.getUint32(at, true) !== ENTRY_SIGNATURE) {
    fail(offset + at, "no directory entry");
  }
  const length = [28, 30, 32].reduce((sum, i) => sum + view.getUint16(at + i, true), ENTRY_SIZE);
  if (length > left) fail(offset + at, "a directory entry leaves the directory");
  return length;
}

function parseEntry(bytes: Uint8Array, at: number): ZipEntry {
  const view = viewOf(bytes);
  const nameEnd = ENTRY_SIZE + view.getUint16(28, true);
  const name = decodeName(bytes.subarray(ENTRY_SIZE, nameEnd), at);
  const flags = view.getUint16(8, true);
  const method = view.getUint16(10, true);
  if (flags & 1) fail(at, `${quote(name)} is encrypted`);
  if (method !== 0 && method !== 8) {
    throw new WeightsError(
      `${WHERE}: ${quote(name)} is packed with method ${method}, at byte ${at}; only stored (0) and deflated (8) are read`,
    );
  }
  const wide = wideFields(viewOf(bytes.subarray(nameEnd, nameEnd + view.getUint16(30, true))), at);
  const field = (i: number) => {
    const value = view.getUint32(i, true);
    return value === SATURATED ? wide(name) : value;
  };
  const [size, packed, begin] = [field(24), field(20), field(42)]; // in zip64's own order
  return { name, method, crc: view.getUint32(16, true), packed, size, begin, limit: begin };
}

/** Hands out the 64-bit values of the zip64 extra field (id 1), one for each saturated field. */
function wideFields(extra: DataView, at: number): (name: string) => number {
  for (let i = 0; i + 4 <= extra.byteLength; i += 4 + extra.getUint16(i + 2, true)) {
    if (extra.getUint16(i, true) !== 1) continue;
    const end = Math.min(i + 4 + extra.getUint16(i + 2, true), extra.byteLength);
    let next = i + 4;
    return (name) => {
      if (next + 8 > end) fail(at, `${quote(name)} has too short a zip64 record`);
      next += 8;
      return safe(extra, next - 8, at);
    };
  }
  return (name) => fail(at, `${quote(name)} has no zip64 record`);
}

function decodeName(bytes: Uint8Array, at: number): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return fail(at, "a name is not UTF-8");
  }
}

/** Sets each entry's limit: the beginning of what comes next in the file. */
function checkEntries(entries: readonly ZipEntry[], directory: number): Map<string, ZipEntry> {
  const byName = new Map<string, ZipEntry>();
  const inOrder = entries.toSorted((a, b) => a.begin - b.begin);
  for (const [i, entry] of inOrder.entries()) {
    const limit = inOrder[i + 1]?.begin ?? directory;
    if (entry.begin + entry.packed > limit) {
      fail(
        entry.begin,
        `${quote(entry.name)} of ${entry.packed} bytes overlaps what follows at ${limit}`,
      );
    }
    if (byName.has(entry.name)) fail(entry.begin, `${quote(entry.name)} is in the archive twice`);
    byName.set(entry.name, { ...entry, limit });
  }
  return byName;
}
