import type { Scratch } from "./byte_source";

/** `length` bytes at the start of the scratch memory, which grows if it must; new ones without it. */
export function bytesFor(length: number, scratch?: Scratch): Uint8Array<ArrayBuffer> {
  if (!scratch) return new Uint8Array(length);
  if (scratch.memory.byteLength < length) scratch.memory = new ArrayBuffer(length);
  return new Uint8Array(scratch.memory, 0, length);
}
