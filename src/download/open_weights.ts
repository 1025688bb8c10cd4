import type { ByteSource } from "../weights/byte_source";
import type { CacheChoice, WeightsCache } from "./cache";
import type { Kept } from "./draft";
import { fullLink } from "./full_link";
import { hashIn, isThere, manifests, remove } from "./manifest";
import { openCaches } from "./open_cache";
import { hashSource, piecesSource } from "./pieces";

/** A cached file. loadGpen takes it, and reads from it again when the device was lost. */
export interface Weights extends ByteSource {
  readonly name: string;
  readonly sha256: string;
  /** Name of the cache that holds it: "opfs", "cache-api", "memory". */
  readonly where: string;
}

/** Which cache is looked into, and how closely. */
export interface OpenWeightsOptions {
  readonly cache?: CacheChoice;
  /** Reads the file as a whole to compare its hash; otherwise its length is compared. */
  readonly verify?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * A file that is in the cache, by its sha256, link or name, the newest if there are several; undefined
 * if there is none. What is damaged counts as absent, and is deleted.
 */
export async function openWeights(
  key: string,
  options: OpenWeightsOptions = {},
): Promise<Weights | undefined> {
  const kept = await find(await openCaches(options.cache), key, options);
  return kept && opened(kept);
}

export function opened({ cache, sha256, manifest }: Kept): Weights {
  const source = piecesSource(cache, manifest.pieces);
  return { ...source, name: manifest.name, sha256, where: cache.name };
}

export async function find(
  caches: readonly WeightsCache[],
  key: string,
  options: OpenWeightsOptions,
): Promise<Kept | undefined> {
  for (const cache of caches) {
    const all = (await wholeFiles(cache)).filter((kept) => isNamed(kept, key));
    for (const kept of all.sort((a, b) => b.manifest.saved - a.manifest.saved)) {
      if (await isSound(kept, options)) return kept;
      await remove(cache, [`${kept.sha256}.json`]).catch(() => {});
    }
  }
  return undefined;
}

/** What a cache holds as a whole; nothing if it fails. */
export async function wholeFiles(cache: WeightsCache): Promise<readonly Kept[]> {
  return (await manifests(cache).catch(() => [])).flatMap(({ file, manifest }) => {
    const sha256 = hashIn(file);
    return sha256 ? [{ cache, sha256, manifest }] : [];
  });
}

export function isNamed({ sha256, manifest: { urls, name } }: Kept, key: string): boolean {
  return sha256 === key || name === key || urls.includes(fullLink(key) ?? key);
}

async function isSound(
  { cache, sha256, manifest }: Kept,
  { verify = false, signal }: OpenWeightsOptions,
): Promise<boolean> {
  try {
    if (!(await isThere(cache, manifest))) return false;
    if (!verify) return true;
    const hash = await hashSource(piecesSource(cache, manifest.pieces), signal);
    return hash.hex() === sha256;
  } catch {
    signal?.throwIfAborted();
    return false;
  }
}
