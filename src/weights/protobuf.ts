import { WeightsError } from "../errors";
import type { ByteSource } from "./byte_source";
import { readWithin } from "./read_within";

/** One field of a protobuf message: its number and either a number or a range of bytes. */
export interface Field {
  readonly number: number;
  /** 0 varint, 1 fixed64, 2 length-delimited, 5 fixed32. */
  readonly wire: number;
  /** The value of a varint, as a signed 64-bit number; 0 for other wire types. */
  readonly value: number;
  /** The payload's bytes in the file: [offset, offset + length). */
  readonly offset: number;
  readonly length: number;
}

/** Reads messages of one file; bytes come in windows, so payloads that nobody asks for stay there. */
export interface Protobuf {
  readonly size: number;
  /** The fields of the message at [offset, offset + length), in the file's order. */
  fields(offset: number, length: number): Promise<Field[]>;
  bytes(field: Field): Promise<Uint8Array>;
  text(field: Field): Promise<string>;
}

const WINDOW = 16384; // bytes; a node of a published file takes about 200
const HEADER = 20; // two varints of at most 10 bytes each: tag, and value or length
// A published file has about 20,000 fields; a limit bounds time and memory on made-up ones.
const MAX_FIELDS = 500_000;
const MAX_TEXT = 65536;
const decoder = new TextDecoder();

/** Errors: WeightsError, with the byte, where fields are cut short, too long or of unknown kind. */
export function openProtobuf(source: ByteSource, where: string): Protobuf {
  let window: Uint8Array = new Uint8Array(0);
  let start = 0;
  let left = MAX_FIELDS;

  const fill = async (offset: number, end: number) => {
    start = offset;
    window = await readWithin(source, where, "a window", offset, Math.min(WINDOW, end - offset));
  };
  const fields = async (offset: number, length: number) => {
    const found: Field[] = [];
    const end = offset + length;
    for (let at = offset; at < end; ) {
      if (--left < 0) throw new WeightsError(`${where}: more than ${MAX_FIELDS} fields; no GPEN`);
      const needed = Math.min(HEADER, end - at);
      if (at < start || at + needed > start + window.length) await fill(at, end);
      const field = readField(where, window, at - start, at, end);
      found.push(field);
      at = field.offset + field.length;
    }
    return found;
  };
  const bytes = async (field: Field) => {
    if (field.offset >= start && field.offset + field.length <= start + window.length) {
      return window.subarray(field.offset - start, field.offset - start + field.length);
    }
    return readWithin(source, where, `field ${field.number}`, field.offset, field.length);
  };
  const text = async (field: Field) => {
    if (field.wire !== 2 || field.length > MAX_TEXT) {
      throw new WeightsError(
        `${where}: field ${field.number} at byte ${field.offset} must be a text of at most ${MAX_TEXT} bytes; the file is damaged`,
      );
    }
    return decoder.decode(await bytes(field));
  };
  return { size: source.size, fields, bytes, text };
}

/** `i` indexes the window, `at` is the same place in the file. */
function readField(where: string, window: Uint8Array, i: number, at: number, end: number): Field {
  const tag = readVarint(where, window, i, at);
  const number = Math.floor(tag.value / 8);
  const wire = tag.value & 7;
  if (number < 1 || number > 0x1fffffff || ![0, 1, 2, 5].includes(wire)) {
    throw new WeightsError(
      `${where}: byte ${at} holds field ${number} of wire type ${wire}; this is no ONNX model, or it is damaged`,
    );
  }
  let offset = at + tag.length;
  let value = 0;
  let length = wire === 1 ? 8 : 4;
  if (wire === 0 || wire === 2) {
    const next = readVarint(where, window, i + tag.length, offset);
    if (wire === 0) value = next.value;
    offset += next.length;
    length = wire === 0 ? 0 : next.value;
  }
  if (!(length >= 0 && offset + length <= end)) {
    throw new WeightsError(
      `${where}: field ${number} at byte ${at} is ${length} bytes long, ${end - offset} are left; the file is cut short or damaged`,
    );
  }
  return { number, wire, value, offset, length };
}

export interface Varint {
  readonly value: number;
  readonly length: number;
}

/** A varint as the signed 64-bit number that it stands for, rounded to a float64 beyond 2^53. */
export function readVarint(where: string, bytes: Uint8Array, i: number, at: number): Varint {
  let low = 0; // bits 0 to 27
  let high = 0; // bits 28 to 63
  for (let k = 0; k < 10 && i + k < bytes.length; k++) {
    const byte = bytes[i + k];
    if (k < 4) low += (byte & 127) * 2 ** (7 * k);
    else high += (byte & 127) * 2 ** (7 * (k - 4));
    if (byte < 128) {
      const wrapped = high >= 2 ** 35 ? high - 2 ** 36 : high;
      return { value: wrapped * 2 ** 28 + low, length: k + 1 };
    }
  }
  throw new WeightsError(
    `${where}: the number at byte ${at} does not end; the file is cut short or damaged`,
  );
}
