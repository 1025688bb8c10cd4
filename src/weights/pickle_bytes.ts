import { WeightsError } from "../errors";

/** A place in a pickle's bytes; several pickles may follow one another in the same bytes. */
export interface Cursor {
  readonly bytes: Uint8Array;
  position: number;
  /** True once something behind the end was asked for: more of the file may help. */
  exhausted: boolean;
}

export function cursorAt(bytes: Uint8Array, position = 0): Cursor {
  return { bytes, position, exhausted: false };
}

/** Throws the WeightsError of this format. */
export function fail(at: number, problem: string): never {
  throw new WeightsError(`pickle: ${problem}, at byte ${at} of the pickle`);
}

export function take(cursor: Cursor, length: number): Uint8Array {
  const begin = cursor.position;
  const left = cursor.bytes.length - begin;
  if (length > left) {
    cursor.exhausted = true;
    fail(begin, `${length} more bytes are needed and ${left} are left: it is cut short`);
  }
  cursor.position = begin + length;
  return cursor.bytes.subarray(begin, cursor.position);
}

export function u8(cursor: Cursor): number {
  return take(cursor, 1)[0];
}

export function u16(cursor: Cursor): number {
  return view(cursor, 2).getUint16(0, true);
}

export function u32(cursor: Cursor): number {
  return view(cursor, 4).getUint32(0, true);
}

export function i32(cursor: Cursor): number {
  return view(cursor, 4).getInt32(0, true);
}

/** Big-endian, the only number of the format that is. */
export function f64(cursor: Cursor): number {
  return view(cursor, 8).getFloat64(0, false);
}

/** A whole number of up to 255 bytes, two's complement; only those below 2^53 are taken. */
export function long(cursor: Cursor): number {
  const at = cursor.position;
  const digits = take(cursor, u8(cursor));
  let value = 0n;
  for (const [i, digit] of digits.entries()) value |= BigInt(digit) << BigInt(8 * i);
  const number = Number(BigInt.asIntN(8 * digits.length, value));
  if (!Number.isSafeInteger(number)) fail(at, `the number ${number} exceeds 2^53`);
  return number;
}

export function text(cursor: Cursor, length: number): string {
  const at = cursor.position;
  return decode(take(cursor, length), at);
}

/** Text up to the next line feed. */
export function line(cursor: Cursor): string {
  const at = cursor.position;
  const end = cursor.bytes.indexOf(0x0a, at);
  const length = (end < 0 ? cursor.bytes.length : end) - at;
  const found = decode(take(cursor, length + 1).subarray(0, length), at);
  return found;
}

function view(cursor: Cursor, length: number): DataView {
  const bytes = take(cursor, length);
  return new DataView(bytes.buffer, bytes.byteOffset, length);
}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decode(bytes: Uint8Array, at: number): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    return fail(at, "a string is not UTF-8");
  }
}
