import { type FileHandle, open } from "node:fs/promises";
import { WeightsError } from "../errors";
import type { ByteSource } from "../weights/byte_source";
import { bytesFor } from "../weights/bytes_for";

/** A file that is read in pieces; close it when the model is loaded. */
export interface FileSource extends ByteSource {
  close(): Promise<void>;
}

/**
 * Opens a file as a ByteSource.
 *
 * Units     bytes
 * Errors    WeightsError if it does not exist, is a directory, or shrinks while it is read
 */
export async function openFileSource(file: string): Promise<FileSource> {
  const handle = await open(file, "r").catch((error: NodeJS.ErrnoException) => {
    throw new WeightsError(`weights: ${file} cannot be opened (${error.code}); check the path`);
  });
  const stat = await handle.stat();
  if (!stat.isFile()) {
    await handle.close();
    throw new WeightsError(`weights: ${file} is not a file; name a file of weights`);
  }
  return {
    size: stat.size,
    read: (offset, length, scratch) => readFully(handle, file, offset, bytesFor(length, scratch)),
    close: () => handle.close(),
  };
}

async function readFully(
  handle: FileHandle,
  file: string,
  offset: number,
  bytes: Uint8Array<ArrayBuffer>,
) {
  const length = bytes.byteLength;
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, offset + filled);
    if (bytesRead === 0) {
      throw new WeightsError(
        `weights: ${file} ended at byte ${offset + filled}, ${offset + length} were expected; it changed while it was read, try again`,
      );
    }
    filled += bytesRead;
  }
  return bytes;
}
