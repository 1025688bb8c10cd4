import { WeightsError } from "../errors";
import { type ByteSource, blobSource } from "../weights/byte_source";
import type { DownloadOptions } from "./model_source";

/**
 * Everything that a stream delivers, or that a link answers. Throws a WeightsError if the source is
 * neither, or if less or more arrives than the server says.
 */
export async function download(
  source: unknown,
  answer: Promise<Response> | undefined,
  options: DownloadOptions,
): Promise<ByteSource> {
  if (answer) return readAnswer(`${source}`, answer, options);
  if (source instanceof ReadableStream) return readStream(source, undefined, options);
  throw new WeightsError(
    "weights: the source must be a URL, Uint8Array, ArrayBuffer, Blob, ReadableStream or ByteSource",
  );
}

async function readAnswer(
  link: string,
  answer: Promise<Response>,
  options: DownloadOptions,
): Promise<ByteSource> {
  const response = await answer.catch((error: Error) => {
    options.signal?.throwIfAborted();
    // no link: a path, in Node
    const other = /URL/.test(error.message)
      ? ", or for a file use openFileSource of gpen-webgpu/node"
      : " and the network";
    throw new WeightsError(
      `weights: ${link} cannot be fetched (${error.message}); check the link${other}`,
    );
  });
  if (!response.ok || !response.body) {
    throw new WeightsError(
      `weights: ${link} answered ${response.status} ${response.statusText}; check the link`,
    );
  }
  // With a content encoding the length counts compressed bytes, which says nothing of what arrives.
  const stated = response.headers.has("content-encoding")
    ? null
    : response.headers.get("content-length");
  return readStream(response.body, stated ? Number(stated) : undefined, options);
}

/** A whole stream; a Blob is used because browsers may keep it on disk. */
async function readStream(
  stream: ReadableStream<Uint8Array>,
  of: number | undefined,
  { signal, onProgress }: DownloadOptions,
): Promise<ByteSource> {
  const reader = stream.getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let done = 0;
  // Ends a read that waits for bytes which may never come.
  const cancel = () => void reader.cancel(signal?.reason).catch(() => {});
  signal?.addEventListener("abort", cancel, { once: true });
  try {
    for (;;) {
      const chunk = await readChunk(reader, done, of, signal);
      if (chunk.done) break;
      parts.push(chunk.value as Uint8Array<ArrayBuffer>);
      done += chunk.value.byteLength;
      // Other sites do not show that they compress: then their length is of what was sent.
      if (of !== undefined && done > of) of = undefined;
      onProgress?.(done, of);
    }
  } catch (error) {
    cancel();
    throw error;
  } finally {
    signal?.removeEventListener("abort", cancel);
  }
  if (of !== undefined && done !== of) {
    throw new WeightsError(`weights: the download ended after ${done} of ${of} bytes; try again`);
  }
  return blobSource(new Blob(parts));
}

async function readChunk(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  done: number,
  of: number | undefined,
  signal: AbortSignal | undefined,
) {
  signal?.throwIfAborted();
  const chunk = await reader.read().catch((error: Error) => {
    signal?.throwIfAborted();
    throw new WeightsError(
      `weights: the download broke off after ${done} of ${of ?? "?"} bytes (${error.message}); try again`,
    );
  });
  signal?.throwIfAborted();
  if (!chunk.done && !(chunk.value instanceof Uint8Array)) {
    throw new WeightsError("weights: the stream must deliver Uint8Arrays");
  }
  return chunk;
}
