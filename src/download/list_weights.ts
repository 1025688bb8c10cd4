import type { CacheChoice } from "./cache";
import { fullLink } from "./full_link";
import { hashIn, lengthOf, manifests, remove } from "./manifest";
import { openCaches } from "./open_cache";

/** A file in a cache, or as much of it as has arrived. */
export interface StoredWeights {
  /** File name. */
  readonly name: string;
  /** Links that it came from; none for a user's own file. */
  readonly urls: readonly string[];
  /** That are there. */
  readonly bytes: number;
  /** Undefined for a download that has not ended. */
  readonly sha256: string | undefined;
  readonly saved: Date;
  /** Name of the cache. */
  readonly where: string;
}

/** What is cached, the newest first. */
export async function listWeights(cache?: CacheChoice): Promise<readonly StoredWeights[]> {
  const found = await everything(cache);
  return found.map(({ stored }) => stored).sort((a, b) => +b.saved - +a.saved);
}

/** Deletes what has this sha256, link or name, begun downloads too. Resolves to how many they were. */
export async function deleteWeights(key: string | URL, cache?: CacheChoice): Promise<number> {
  const wanted = String(key);
  const link = fullLink(key);
  let count = 0;
  for (const { cache: from, file, stored } of await everything(cache)) {
    const { sha256, urls, name } = stored;
    if (sha256 !== wanted && name !== wanted && !(link && urls.includes(link))) continue;
    await remove(from, [file]);
    count++;
  }
  return count;
}

/** Deletes all that this package has cached. */
export async function clearWeights(cache?: CacheChoice): Promise<void> {
  for (const from of await openCaches(cache)) {
    await remove(
      from,
      (await from.names()).filter((name) => name.endsWith(".json")),
    );
  }
}

async function everything(choice?: CacheChoice) {
  const caches = await openCaches(choice);
  const found = caches.map(async (cache) =>
    (await manifests(cache)).map(({ file, manifest }) => {
      const { name, urls, saved } = manifest;
      const [bytes, sha256] = [lengthOf(manifest), hashIn(file)];
      const where = cache.name;
      const stored = { name, urls, bytes, sha256, saved: new Date(saved), where };
      return { cache, file, stored };
    }),
  );
  return (await Promise.all(found)).flat();
}
