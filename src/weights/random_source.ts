import { numel } from "../tensor";
import type { ByteSource } from "./byte_source";
import { publishedConfig } from "./published_config";
import { randomCheckpoint } from "./random";
import { writeSafetensors } from "./write_safetensors";

/**
 * A published configuration with seeded random weights, as a safetensors file that is made while it
 * is read: to measure and test at full size without a download.
 *
 * Units     bytes, as of a file
 * Errors    WeightsError if no GPEN of this size was published
 */
export async function randomSource(size: number, seed: number): Promise<ByteSource> {
  const { tensors, metadata } = randomCheckpoint("gpen", publishedConfig(size), seed);
  // The writer's first piece is the header; every tensor after it is made when it is asked for.
  const { value: header } = await writeSafetensors(tensors, metadata, "F32").next();
  const pieces: Piece[] = [{ at: 0, bytes: header!.byteLength, make: async () => header! }];
  let at = header!.byteLength;
  for (const { shape, read } of tensors.values()) {
    const make = async () => new Uint8Array((await read()).buffer);
    pieces.push({ at, bytes: 4 * numel(shape), make });
    at += 4 * numel(shape);
  }
  return { size: at, read: (offset, length) => readPieces(pieces, offset, length) };
}

interface Piece {
  readonly at: number;
  readonly bytes: number;
  make(): Promise<Uint8Array>;
}

async function readPieces(
  pieces: readonly Piece[],
  offset: number,
  length: number,
): Promise<Uint8Array> {
  const end = offset + length;
  const touched = pieces.filter(({ at, bytes }) => at < end && at + bytes > offset);
  const [only] = touched;
  // A tensor as a whole is what readers ask for: no copy then.
  if (touched.length === 1 && only.at === offset && only.bytes === length) return only.make();
  const joined = new Uint8Array(length);
  for (const { at, bytes, make } of touched) {
    const [first, last] = [Math.max(at, offset), Math.min(at + bytes, end)];
    joined.set((await make()).subarray(first - at, last - at), first - offset);
  }
  return joined;
}
