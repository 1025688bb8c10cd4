import { type CacheChoice, MEMORY, type WeightsCache } from "./cache";
import { apiCache } from "./cache_api";
import { opfsCache } from "./opfs_cache";

/** The caches that a choice means and that work here, the one to write to first; memory is last. */
export async function openCaches(choice: CacheChoice = "auto"): Promise<readonly WeightsCache[]> {
  if (typeof choice === "object") return [choice, MEMORY];
  const wanted = (name: string) => choice === "auto" || choice === name;
  const opened = [wanted("opfs") && opfsCache(), wanted("cache-api") && apiCache()];
  const working = (await Promise.all(opened)).filter((cache) => typeof cache === "object");
  return [...working, MEMORY];
}
