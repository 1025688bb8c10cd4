/**
 * The little of protobuf's wire format that an ONNX file is made of. Repeated numbers stay unpacked,
 * as in every exporter's files: onnx.proto is of the second syntax.
 *
 * Source    protobuf.dev, Encoding
 */

const VARINT = 0;
const BYTES = 2;
const FIXED32 = 5;
const encoder = new TextEncoder();

/** A number as a varint; negative ones are written as 64-bit two's complement. */
function varint(value: number | bigint): number[] {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest)];
}

function tag(field: number, wire: number): number[] {
  return varint(8 * field + wire);
}

export function integer(field: number, value: number): Uint8Array {
  return Uint8Array.from([...tag(field, VARINT), ...varint(value)]);
}

export function integers(field: number, values: readonly number[]): Uint8Array {
  return join(values.map((value) => integer(field, value)));
}

export function float(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(5);
  bytes[0] = tag(field, FIXED32)[0];
  new DataView(bytes.buffer).setFloat32(1, value, true);
  return bytes;
}

/** What stands before `length` bytes of a text, of raw data or of a message within a message. */
export function opening(field: number, length: number): Uint8Array {
  return Uint8Array.from([...tag(field, BYTES), ...varint(length)]);
}

export function text(field: number, value: string): Uint8Array {
  return message(field, [encoder.encode(value)]);
}

/** A message, or bytes, that is a field of another message. */
export function message(field: number, parts: readonly Uint8Array[]): Uint8Array {
  const body = join(parts);
  return join([opening(field, body.length), body]);
}

export function join(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
