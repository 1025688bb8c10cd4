import { WeightsError } from "../errors";
import type { ByteSource } from "../weights/byte_source";
import { bytesFor } from "../weights/bytes_for";
import type { WeightsCache } from "./cache";
import type { Piece } from "./manifest";
import { sha256 } from "./sha256";

const SLICE = 1 << 20; // bytes hashed at once: 12 ms, in which a page cannot draw

/** The bytes of pieces one after another, read from the cache when asked. */
export function piecesSource(cache: WeightsCache, pieces: readonly Piece[]): ByteSource {
  const starts: number[] = [];
  let size = 0;
  for (const { bytes } of pieces) {
    starts.push(size);
    size += bytes;
  }
  let last: { at: number; blob: Promise<Blob> } | undefined;
  const bytesOf = async (at: number, from: number, to: number) => {
    // Tensors are smaller than pieces: the next read is mostly of the same one.
    if (last?.at !== at) last = { at, blob: readPiece(cache, pieces[at]) };
    return (await last.blob).slice(from, to).arrayBuffer();
  };
  const again = (at: number, from: number, to: number) => {
    last = undefined;
    return bytesOf(at, from, to).catch(() => {
      last = undefined;
      throw gone();
    });
  };
  return {
    size,
    async read(offset, length, scratch) {
      const out = bytesFor(length, scratch);
      let at = starts.findLastIndex((start) => start <= offset);
      for (let done = 0; done < length; at++) {
        const from = offset + done - starts[at];
        const to = from + length - done;
        // A piece that another page has written again is another file; the one held cannot be read.
        const part = await bytesOf(at, from, to).catch(() => again(at, from, to));
        out.set(new Uint8Array(part), done);
        done += part.byteLength;
      }
      return out;
    },
  };
}

async function readPiece(cache: WeightsCache, { sha256: name, bytes }: Piece): Promise<Blob> {
  const blob = await cache.read(name).catch(() => undefined);
  if (blob?.size === bytes) return blob;
  throw gone();
}

function gone(): WeightsError {
  return new WeightsError(
    "weights: the cached file was deleted while it was in use; fetch it again",
  );
}

/** Reads everything through a hash, so that the page can draw in between. */
export async function hashSource(
  source: ByteSource,
  signal?: AbortSignal,
  hash = sha256(),
): Promise<typeof hash> {
  const scratch = { memory: new ArrayBuffer(0) };
  for (let at = 0; at < source.size; at += SLICE) {
    signal?.throwIfAborted();
    hash.update(await source.read(at, Math.min(SLICE, source.size - at), scratch));
  }
  return hash;
}
