import { type ByteSource, blobSource, bytesSource } from "../weights/byte_source";

/** Where a model comes from: a link, bytes, a file the user picked, a stream, or pieces on demand. */
export type ModelSource =
  | string
  | URL
  | Uint8Array
  | ArrayBuffer
  | Blob
  | ReadableStream<Uint8Array>
  | ByteSource;

export interface DownloadOptions {
  readonly signal?: AbortSignal;
  /** Bytes so far; `of` is undefined where the server does not say. */
  readonly onProgress?: (done: number, of: number | undefined) => void;
}

/** Opens any source for reading in pieces; links and streams are downloaded first, by what is loaded then. */
export async function openModelSource(
  source: ModelSource,
  options: DownloadOptions = {},
): Promise<ByteSource> {
  if (source instanceof Uint8Array || source instanceof ArrayBuffer) return bytesSource(source);
  if (source instanceof Blob) return blobSource(source);
  const pieces = source as ByteSource | null;
  if (typeof pieces?.read === "function" && typeof pieces.size === "number") return pieces;
  let answer: Promise<Response> | undefined;
  if (typeof source === "string" || source instanceof URL) {
    // Sent before what reads the answer has loaded.
    answer = fetch(source, { signal: options.signal });
    answer.catch(() => {});
  }
  return (await import("./fetch_model")).download(source, answer, options);
}
