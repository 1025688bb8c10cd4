/** What the browser lets this origin keep, in bytes. */
export interface CacheQuota {
  readonly used: number;
  readonly quota: number;
}

/**
 * Undefined where the platform does not say, as in Node. Browsers round both, and Chromium 156 says
 * 10 GiB above what is used whatever the disk holds: only writing tells for certain what fits.
 */
export async function cacheQuota(): Promise<CacheQuota | undefined> {
  const estimate = await globalThis.navigator?.storage?.estimate().catch(() => undefined);
  if (estimate?.quota === undefined) return undefined;
  return { used: estimate.usage ?? 0, quota: estimate.quota };
}

/** Bytes that still fit. */
export async function roomLeft(): Promise<number> {
  const estimate = await cacheQuota();
  return estimate ? estimate.quota - estimate.used : Number.POSITIVE_INFINITY;
}
