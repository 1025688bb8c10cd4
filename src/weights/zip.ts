import { WeightsError } from "../errors";
import type { ByteSource, Scratch } from "./byte_source";
import { crc32 } from "./crc32";
import { quote } from "./quote";
import { readWithin } from "./read_within";
import { fail, readZipDirectory, viewOf, type ZipEntry } from "./zip_directory";

const WHERE = "zip";
const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_SIZE = 30;
const MAX_UNPACKED = 2 ** 31; // 2^28 elements of 8 bytes
const DEFLATE_RATIO = 1032; // the most that deflate can grow: 258 bytes from 2 bits
const PIECE = 2 ** 22;

/** An archive whose entries are read one at a time. */
export interface Zip {
  readonly entries: ReadonlyMap<string, ZipEntry>;
  /**
   * The bytes [offset, offset + length) of an unpacked entry (all of it by default). The CRC-32 of
   * the whole entry is checked the first time that any part of it is read.
   */
  read(entry: ZipEntry, offset?: number, length?: number, scratch?: Scratch): Promise<Uint8Array>;
}

/**
 * Opens a ZIP archive. Errors: see readZipDirectory; read() throws a WeightsError where the local
 * header disagrees with the directory, the CRC-32 is wrong or the entry unpacks to another size.
 */
export async function openZip(source: ByteSource): Promise<Zip> {
  const entries = await readZipDirectory(source);
  const checked = new Set<ZipEntry>();
  return {
    entries,
    async read(entry, offset = 0, length = entry.size - offset, scratch) {
      if (!(offset >= 0 && length >= 0 && offset + length <= entry.size)) {
        fail(entry.begin, `bytes ${offset} to ${offset + length} are not in ${quote(entry.name)}`);
      }
      const start = await contentStart(source, entry);
      if (entry.method === 8) {
        return (await inflate(source, entry, start)).subarray(offset, offset + length);
      }
      if (length < entry.size && !checked.has(entry)) await checkPieces(source, entry, start);
      const name = quote(entry.name);
      const bytes = await readWithin(source, WHERE, name, start + offset, length, scratch);
      if (length === entry.size) checkCrc(entry, crc32(bytes));
      checked.add(entry);
      return bytes;
    },
  };
}

/** Where the content begins: behind the local header, which must agree with the directory. */
async function contentStart(source: ByteSource, entry: ZipEntry): Promise<number> {
  const { begin, name, limit } = entry;
  const header = viewOf(
    await readWithin(source, WHERE, `header of ${quote(name)}`, begin, LOCAL_SIZE),
  );
  if (header.getUint32(0, true) !== LOCAL_SIGNATURE) fail(begin, `no header of ${quote(name)}`);
  if (header.getUint16(8, true) !== entry.method) {
    fail(begin, `${quote(name)} is packed in another way than the directory says`);
  }
  const nameLength = header.getUint16(26, true);
  const start = begin + LOCAL_SIZE + nameLength + header.getUint16(28, true);
  if (start + entry.packed > limit) {
    fail(begin, `${quote(name)} ends at ${start + entry.packed}, inside what follows at ${limit}`);
  }
  const own = await readWithin(
    source,
    WHERE,
    `name of ${quote(name)}`,
    begin + LOCAL_SIZE,
    nameLength,
  );
  if (new TextDecoder("utf-8", { ignoreBOM: true }).decode(own) !== name) {
    fail(begin, `${quote(name)} has another name in its own header`);
  }
  if (entry.size > MAX_UNPACKED) fail(begin, `${quote(name)} of ${entry.size} bytes exceeds 2^31`);
  if (entry.method === 0 && entry.packed !== entry.size) {
    fail(begin, `${quote(name)} is stored in ${entry.packed} bytes, its size is ${entry.size}`);
  }
  return start;
}

/** For entries that are read in parts, such as a storage that several tensors share. */
async function checkPieces(source: ByteSource, entry: ZipEntry, start: number): Promise<void> {
  let crc = 0;
  for (let i = 0; i < entry.size; i += PIECE) {
    const length = Math.min(PIECE, entry.size - i);
    crc = crc32(await readWithin(source, WHERE, quote(entry.name), start + i, length), crc);
  }
  checkCrc(entry, crc);
}

function checkCrc(entry: ZipEntry, crc: number): void {
  if (crc === entry.crc) return;
  const hex = (value: number) => value.toString(16).padStart(8, "0");
  throw new WeightsError(
    `${WHERE}: ${quote(entry.name)} has CRC-32 ${hex(crc)}, the directory says ${hex(entry.crc)}; the file is damaged, download it again`,
  );
}

async function inflate(source: ByteSource, entry: ZipEntry, start: number): Promise<Uint8Array> {
  const { name, size, packed } = entry;
  if (size > packed * DEFLATE_RATIO) {
    fail(
      entry.begin,
      `${quote(name)} claims to unpack from ${packed} to ${size} bytes, more than deflate can`,
    );
  }
  const input = await readWithin(source, WHERE, quote(name), start, packed);
  const stream = new Blob([new Uint8Array(input)])
    .stream()
    .pipeThrough(new DecompressionStream("deflate-raw"));
  const reader = stream.getReader();
  const out = new Uint8Array(size);
  let at = 0;
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      if (at + piece.value.length > size) {
        fail(entry.begin, `${quote(name)} unpacks to more than its ${size} bytes`);
      }
      out.set(piece.value, at);
      at += piece.value.length;
    }
  } catch (error) {
    if (error instanceof WeightsError) throw error;
    fail(start, `${quote(name)} is not deflated data`);
  } finally {
    reader.cancel().catch(() => {}); // a stream that has failed has nothing left to cancel
  }
  if (at !== size) fail(entry.begin, `${quote(name)} unpacks to ${at} bytes, not ${size}`);
  checkCrc(entry, crc32(out));
  return out;
}
