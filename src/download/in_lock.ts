import { untilAborted } from "./abort";
import type { WeightsCache } from "./cache";
import { whileShown } from "./while_shown";

const queues = new Map<string, Promise<unknown>>();

/**
 * Does one thing at a time under a name: in all pages of the origin for what they share, in this one
 * for memory and where there are no Web Locks. Rejects with the signal's reason if aborted in wait.
 * A page that is put away for "back" gives up the lock, and the work, whose signal is aborted, at
 * once; shown again, it asks for the lock anew and does the work again.
 */
export async function inLock<T>(
  cache: WeightsCache,
  name: string,
  work: (signal?: AbortSignal) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const lock = `gpen-webgpu ${cache.name} ${name}`;
  const shared = cache.name !== "memory" && globalThis.navigator?.locks;
  if (shared) {
    return whileShown((left) => {
      const either = signal ? AbortSignal.any([signal, left]) : left;
      // An abort leaves time to keep what has come; a page that is put away has none.
      const hold = () => untilAborted(work(either), left);
      return shared.request(lock, { signal: either }, hold) as Promise<T>;
    }, signal);
  }
  const before = queues.get(lock) ?? Promise.resolve();
  const done = untilAborted(before, signal).then(() => work(signal));
  const queue = Promise.allSettled([before, done]);
  queues.set(lock, queue);
  void queue.then(() => queues.get(lock) === queue && queues.delete(lock));
  return done;
}
