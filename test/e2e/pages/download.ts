import { cacheWeights } from "../../../src/download/cache_weights";
import * as download from "../../../src/download/index";
import * as library from "../../../src/index";

/** Every file in OPFS and in the Cache API: its name, its length and its hash as WebCrypto has it. */
async function storedFiles(): Promise<{ name: string; bytes: number; sha256: string }[]> {
  const blobs: [string, Blob][] = [];
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle("gpen-webgpu", { create: true });
  for await (const [name, handle] of folder.entries()) {
    blobs.push([name, await (handle as FileSystemFileHandle).getFile()]);
  }
  const cache = await caches.open("gpen-webgpu");
  for (const request of await cache.keys()) {
    const response = await cache.match(request);
    blobs.push([new URL(request.url).pathname.slice(1), await response!.blob()]);
  }
  return Promise.all(
    blobs.map(async ([name, blob]) => ({
      name,
      bytes: blob.size,
      sha256: await digest(await blob.arrayBuffer()),
    })),
  );
}

async function digest(bytes: ArrayBuffer): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Fetches, reads everything back, and says what came of it. */
async function fetched(url: string, options: download.FetchWeightsOptions = {}) {
  const progress: [number, boolean][] = [];
  const weights = await download.fetchWeights(url, {
    retryMs: 10,
    ...options,
    onProgress: (done, _, { fromCache }) => progress.push([done, fromCache]),
  });
  const bytes = new Uint8Array(await weights.read(0, weights.size));
  const { sha256, where } = weights;
  return { sha256, where, read: await digest(bytes.buffer), progress };
}

const stage = { ...download, cacheWeights, fetched, storedFiles, library };

// What tests call through page.evaluate, whose functions cannot import.
Object.assign(window, { weights: stage });

declare global {
  var weights: typeof stage;
}
