import { vi } from "vitest";

/**
 * The browser's stores in memory, after the WHATWG File System and Service Worker specifications:
 * bytes that are written to a file appear when its stream is closed, a File whose file has changed
 * since cannot be read, an origin has one quota for everything.
 */
export interface FakeStores {
  /** Bytes that the origin may keep. */
  quota: number;
  /** Bytes that the platform says it has left, where that is not so. */
  estimated?: number;
  readonly opfs: Map<string, Uint8Array<ArrayBuffer>>;
  readonly api: Map<string, Uint8Array<ArrayBuffer>>;
}

/** Puts the stores in place for a test; vi.unstubAllGlobals takes them away. */
export function fakeStores(
  without: { readonly opfs?: boolean; readonly api?: boolean } = {},
): FakeStores {
  const stores: FakeStores = { quota: 1e9, opfs: new Map(), api: new Map() };
  vi.stubGlobal("FileSystemFileHandle", FileHandle);
  vi.stubGlobal("navigator", {
    storage: {
      estimate: async () => ({ usage: used(stores), quota: stores.estimated ?? stores.quota }),
      getDirectory: async () => {
        if (without.opfs) throw new DOMException("no storage in this frame", "SecurityError");
        return { getDirectoryHandle: async () => new Folder(stores) };
      },
    },
  });
  if (!without.api) vi.stubGlobal("caches", { open: async () => fakeCache(stores) });
  return stores;
}

function used({ opfs, api }: FakeStores): number {
  return [...opfs.values(), ...api.values()].reduce((sum, bytes) => sum + bytes.length, 0);
}

function checkQuota(stores: FakeStores, more: number): void {
  if (used(stores) + more > stores.quota) {
    throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
  }
}

function missing(): never {
  throw new DOMException("A requested file or directory could not be found", "NotFoundError");
}

class Folder {
  readonly #stores: FakeStores;
  constructor(stores: FakeStores) {
    this.#stores = stores;
  }
  async getFileHandle(name: string, { create = false } = {}) {
    const { opfs } = this.#stores;
    if (!opfs.has(name)) {
      if (!create) missing();
      opfs.set(name, new Uint8Array(0));
    }
    return new FileHandle(this.#stores, name);
  }
  async removeEntry(name: string) {
    if (!this.#stores.opfs.delete(name)) missing();
  }
  async *keys() {
    yield* [...this.#stores.opfs.keys()];
  }
}

class FileHandle {
  readonly #stores: FakeStores;
  #name: string;
  constructor(stores: FakeStores, name: string) {
    this.#stores = stores;
    this.#name = name;
  }
  async getFile() {
    const { opfs } = this.#stores;
    const name = this.#name;
    const bytes = opfs.get(name) ?? missing();
    const check = () => {
      if (opfs.get(name) !== bytes) throw new DOMException("changed", "NotReadableError");
    };
    return checkedBlob(new Blob([bytes]), check);
  }
  async createWritable() {
    const { opfs } = this.#stores;
    if (!opfs.has(this.#name)) missing();
    const parts: Uint8Array<ArrayBuffer>[] = [];
    return {
      write: async (bytes: Uint8Array<ArrayBuffer>) => {
        const more = parts.reduce((sum, part) => sum + part.length, bytes.length);
        checkQuota(this.#stores, more);
        parts.push(bytes.slice());
      },
      close: async () => void opfs.set(this.#name, new Uint8Array(Buffer.concat(parts))),
      abort: async () => {},
    };
  }
  async move(name: string) {
    const { opfs } = this.#stores;
    const bytes = opfs.get(this.#name) ?? missing();
    opfs.delete(this.#name);
    opfs.set(name, bytes);
    this.#name = name;
  }
}

function checkedBlob(blob: Blob, check: () => void): Blob {
  const { size } = blob;
  const read = async () => {
    check();
    return blob.arrayBuffer();
  };
  const slice = (from: number, to: number) => checkedBlob(blob.slice(from, to), check);
  const text = async () => new TextDecoder().decode(await read());
  return { size, slice, arrayBuffer: read, text } as Blob;
}

function fakeCache(stores: FakeStores) {
  const { api } = stores;
  return {
    match: async (url: string) => {
      const bytes = api.get(url);
      return bytes && new Response(bytes, { headers: { "content-length": `${bytes.length}` } });
    },
    put: async (url: string, response: Response) => {
      const bytes = new Uint8Array(await response.arrayBuffer());
      checkQuota(stores, bytes.length - (api.get(url)?.length ?? 0));
      api.set(url, bytes);
    },
    delete: async (url: string) => api.delete(url),
    keys: async () => [...api.keys()].map((url) => ({ url })),
  };
}
