import type { Gpu } from "../gpu/open";
import type { Gpen, LoadOptions } from "../restore/load";

/** Loads the model that an element's `model` attribute names. */
export type LoadModel = (
  url: string,
  options: Pick<LoadOptions, "signal" | "onProgress">,
) => Promise<Gpen>;

export type Progress = NonNullable<LoadOptions["onProgress"]>;

/** One element's use of the models that all share. */
export interface Tenant {
  /** The model of this URL; the one that it used before is given up. */
  model(url: string, onProgress: Progress): Promise<Gpen>;
  leave(): void;
}

/** Models by URL: each is loaded once for all tenants, and disposed of when the last one leaves. */
export type Pool = () => Tenant;

interface Shared {
  readonly url: string;
  readonly model: Promise<Gpen>;
  readonly loading: AbortController;
  readonly listeners: Map<Tenant, Progress>;
}

/** `idle` is called whenever no model is left. */
export function modelPool(load: LoadModel, idle: () => void = () => {}): Pool {
  const models = new Map<string, Shared>();
  const forget = (shared: Shared) => {
    if (models.get(shared.url) === shared) models.delete(shared.url);
  };
  const begin = (url: string): Shared => {
    const [listeners, loading] = [new Map<Tenant, Progress>(), new AbortController()];
    const onProgress: Progress = (...how) => {
      for (const listener of listeners.values()) listener(...how);
    };
    // not at once: whoever asked is listening then
    const model = Promise.resolve().then(() => load(url, { signal: loading.signal, onProgress }));
    const shared = { url, model, loading, listeners };
    models.set(url, shared);
    // whoever asks next tries again
    model.catch(() => forget(shared)).then(() => models.size === 0 && idle());
    return shared;
  };
  const part = async (shared: Shared, tenant: Tenant) => {
    shared.listeners.delete(tenant);
    if (shared.listeners.size > 0) return;
    shared.loading.abort();
    forget(shared);
    await shared.model.then((model) => model.dispose()).catch(() => {});
    if (models.size === 0) idle();
  };
  return () => {
    let used: Shared | undefined;
    const tenant: Tenant = {
      model(url, onProgress) {
        if (models.get(url) !== used || !used) tenant.leave();
        used = models.get(url) ?? begin(url);
        used.listeners.set(tenant, onProgress);
        return used.model;
      },
      leave() {
        if (used) part(used, tenant);
        used = undefined;
      },
    };
    return tenant;
  };
}

let gpu: Promise<Gpu> | undefined;

/** One device for all elements; the engine comes with the first model. */
export const loadModel: LoadModel = async (url, options) => {
  const { loadGpen, openGpu } = await import("../index");
  gpu ??= openGpu();
  return loadGpen(await gpu, url, options);
};

export function closeGpu(): void {
  gpu?.then((opened) => opened.dispose()).catch(() => {});
  gpu = undefined;
}
