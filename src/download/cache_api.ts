import type { WeightsCache } from "./cache";
import { roomLeft } from "./quota";

const CACHE = "gpen-webgpu";
/** Keys of the Cache API are links; no server has this name (RFC 2606). */
const BASE = "https://gpen-webgpu.invalid/";

/** The Cache API; undefined where it is missing or refused, as in sandboxed frames. */
export async function apiCache(): Promise<WeightsCache | undefined> {
  try {
    const cache = await caches.open(CACHE);
    return {
      name: "cache-api",
      read: async (name) => (await cache.match(BASE + name))?.blob(),
      async size(name) {
        const length = (await cache.match(BASE + name))?.headers.get("content-length");
        return length ? Number(length) : undefined;
      },
      write: (name, bytes) =>
        cache.put(
          BASE + name,
          new Response(bytes, { headers: { "content-length": `${bytes.length}` } }),
        ),
      delete: async (name) => void (await cache.delete(BASE + name)),
      names: async () => (await cache.keys()).map(({ url }) => url.slice(BASE.length)),
      room: roomLeft,
    };
  } catch {
    return undefined;
  }
}
