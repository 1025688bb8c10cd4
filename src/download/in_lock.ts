import { untilAborted } from "./abort";
import type { WeightsCache } from "./cache";

const queues = new Map<string, Promise<unknown>>();

/**
 * Does one thing at a time under a name: in all pages of the origin for what they share, in this one
 * for memory and where there are no Web Locks. Rejects with the signal's reason if aborted in wait.
 */
export async function inLock<T>(
  cache: WeightsCache,
  name: string,
  work: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const lock = `gpen-webgpu ${cache.name} ${name}`;
  const shared = cache.name !== "memory" && globalThis.navigator?.locks;
  if (shared) return shared.request(lock, { signal }, work) as Promise<T>;
  const before = queues.get(lock) ?? Promise.resolve();
  const done = untilAborted(before, signal).then(work);
  const queue = Promise.allSettled([before, done]);
  queues.set(lock, queue);
  void queue.then(() => queues.get(lock) === queue && queues.delete(lock));
  return done;
}
