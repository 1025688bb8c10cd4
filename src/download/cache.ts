/**
 * Where pieces of weights are kept: named files that are written whole or not at all. Names are
 * lower-case letters, digits, dots and hyphens.
 */
export interface WeightsCache {
  /** Shown to users, and part of the names of locks. */
  readonly name: string;
  /** Undefined if there is no such file. */
  read(name: string): Promise<Blob | undefined>;
  /** Length in bytes without reading; undefined if there is no such file. */
  size(name: string): Promise<number | undefined>;
  /** May reject at any time, for lack of room: weights are then kept in memory. */
  write(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** No error if there is no such file. */
  delete(name: string): Promise<void>;
  names(): Promise<readonly string[]>;
  /** Bytes that still fit, if that is known. */
  room?(): Promise<number>;
}

/** "auto" is the first of OPFS, Cache API and memory that works here. */
export type CacheChoice = "auto" | "opfs" | "cache-api" | "memory" | WeightsCache;

/** Files in memory, as Blobs: browsers may page those to disk. */
export function memoryCache(name = "memory"): WeightsCache {
  const files = new Map<string, Blob>();
  return {
    name,
    read: async (file) => files.get(file),
    size: async (file) => files.get(file)?.size,
    async write(file, bytes) {
      files.set(file, new Blob([bytes]));
    },
    async delete(file) {
      files.delete(file);
    },
    names: async () => [...files.keys()],
  };
}

/** What is left where nothing can be kept on disk; as long as the page lives. */
export const MEMORY = memoryCache();
