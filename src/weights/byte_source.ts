/**
 * Bytes that are read in pieces: a file on disk, a Blob or an array in memory. Readers of formats
 * ask for what they need, so that a checkpoint of any size is never in memory as a whole.
 */
export interface ByteSource {
  /** Length in bytes. */
  readonly size: number;
  /**
   * The bytes [offset, offset + length); the caller has checked that they lie within `size`. They
   * fill memory of their own, or are a view of memory that the source keeps. With `scratch` they may
   * lie at the start of its memory, and are then valid until the next read.
   */
  read(offset: number, length: number, scratch?: Scratch): Promise<Uint8Array>;
}

/** Memory that is used again for one tensor after another: garbage of 18 MB each adds up. */
export interface Scratch {
  memory: ArrayBuffer;
}

export function bytesSource(bytes: Uint8Array | ArrayBuffer): ByteSource {
  const view = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
  return {
    size: view.byteLength,
    read: async (offset, length) => view.subarray(offset, offset + length),
  };
}

export function blobSource(blob: Blob): ByteSource {
  return {
    size: blob.size,
    read: async (offset, length) =>
      new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer()),
  };
}
