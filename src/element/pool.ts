import type { LoadOptions } from "../restore/load";

export type Progress = NonNullable<LoadOptions["onProgress"]>;
/** What loading may be given: that of a model, or of a detector, which reports nothing. */
export type LoadingOptions = Pick<LoadOptions, "signal" | "onProgress">;
type Load<Key, Thing> = (key: Key, options: LoadingOptions) => Promise<Thing>;

/** One element's use of what all share. */
export interface Tenant<Key, Thing> {
  /** What this key names; what it used before is given up. */
  take(key: Key, onProgress?: Progress): Promise<Thing>;
  leave(): void;
}

/** Each thing is loaded once for all tenants, and disposed of when the last one leaves. */
export type Pool<Key, Thing> = () => Tenant<Key, Thing>;

interface Shared<Key, Thing> {
  readonly key: Key;
  readonly thing: Promise<Thing>;
  readonly loading: AbortController;
  readonly listeners: Map<Tenant<Key, Thing>, Progress>;
}

/** `idle` is called whenever nothing is left. */
export function pool<Key, Thing extends { dispose(): void }>(
  load: Load<Key, Thing>,
  idle: () => void = () => {},
): Pool<Key, Thing> {
  const all = new Map<Key, Shared<Key, Thing>>();
  const forget = (shared: Shared<Key, Thing>) => {
    if (all.get(shared.key) === shared) all.delete(shared.key);
  };
  const begin = (key: Key): Shared<Key, Thing> => {
    const [listeners, loading] = [new Map<Tenant<Key, Thing>, Progress>(), new AbortController()];
    const onProgress: Progress = (...how) => {
      for (const listener of listeners.values()) listener(...how);
    };
    // not at once: whoever asked is listening then
    const thing = Promise.resolve().then(() => load(key, { signal: loading.signal, onProgress }));
    const shared = { key, thing, loading, listeners };
    all.set(key, shared);
    // whoever asks next tries again
    thing.catch(() => forget(shared)).then(() => all.size === 0 && idle());
    return shared;
  };
  const part = async (shared: Shared<Key, Thing>, tenant: Tenant<Key, Thing>) => {
    shared.listeners.delete(tenant);
    if (shared.listeners.size > 0) return;
    shared.loading.abort();
    forget(shared);
    await shared.thing.then((thing) => thing.dispose()).catch(() => {});
    if (all.size === 0) idle();
  };
  return () => {
    let used: Shared<Key, Thing> | undefined;
    const tenant: Tenant<Key, Thing> = {
      take(key, onProgress = () => {}) {
        if (all.get(key) !== used || !used) tenant.leave();
        used = all.get(key) ?? begin(key);
        used.listeners.set(tenant, onProgress);
        return used.thing;
      },
      leave() {
        if (used) part(used, tenant);
        used = undefined;
      },
    };
    return tenant;
  };
}
