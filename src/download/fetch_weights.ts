import { WeightsError } from "../errors";
import type { CacheChoice, WeightsCache } from "./cache";
import { type DownloadOptions, download } from "./download";
import { fullLink } from "./full_link";
import { inLock } from "./in_lock";
import { lengthOf, partialFile, readManifest } from "./manifest";
import { openCaches } from "./open_cache";
import { find, opened, type Weights } from "./open_weights";
import type { Wanted } from "./request";
import { sha256 } from "./sha256";

/** What the file must be, where it is kept, and how it is fetched. */
export interface FetchWeightsOptions extends DownloadOptions {
  /** Hash of the file in hexadecimal: what differs is refused. */
  readonly sha256?: string;
  /** Length of the file, where it is known: what differs is refused before it is downloaded. */
  readonly bytes?: number;
  /** Where the file is kept; "auto" by default. Memory is what every choice falls back to. */
  readonly cache?: CacheChoice;
  /** Reads a cached file as a whole to compare its hash; otherwise its length is compared. */
  readonly verify?: boolean;
  /** The platform's by default. It is given headers (Range) and a signal. */
  readonly fetch?: typeof fetch;
}

/**
 * Weights from a link, which loadGpen takes: from the cache if they were fetched before, without
 * asking the network; else downloaded, resumed where an earlier try or visit has stopped, hashed as
 * they arrive, and kept under their hash. Pages that ask for the same file wait for one download;
 * one of them goes on with it if the page that has it is left.
 *
 * Errors    WeightsError in one sentence: no such file, a web page in its place, another length or
 *           hash than asked for, or a connection that stays broken; the signal's reason when aborted,
 *           and what has arrived is kept for the next call
 */
export async function fetchWeights(
  input: string | URL | Request,
  options: FetchWeightsOptions = {},
): Promise<Weights> {
  // What is given beside a Request takes the place of its own signal.
  const { signal = input instanceof Request ? input.signal : undefined, onProgress } = options;
  signal?.throwIfAborted();
  const wanted: Wanted = {
    input,
    url: linkOf(input),
    sha256: options.sha256?.toLowerCase(),
    bytes: options.bytes,
    fetch: options.fetch ?? ((...args) => fetch(...args)),
  };
  const caches = await openCaches(options.cache);
  const key = wanted.sha256 ?? wanted.url;
  const lookUp = async (signal?: AbortSignal) => {
    const kept = await find(caches, key, { verify: options.verify, signal });
    if (!kept) return undefined;
    const weights = opened(kept);
    onProgress?.(weights.size, weights.size, { fromCache: true });
    return weights;
  };
  const found = await lookUp(signal);
  if (found) return found;
  const [cache] = caches;
  const name = wanted.sha256 ?? hashOf(wanted.url);
  const stopWatching = onProgress && watch(cache, name, onProgress);
  const work = async (signal?: AbortSignal) => {
    stopWatching?.();
    // Another page may have fetched it meanwhile.
    return (
      (await lookUp(signal)) ?? opened(await download(wanted, cache, name, { ...options, signal }))
    );
  };
  return inLock(cache, name, work, signal).finally(stopWatching);
}

/** Says how far the page is that this one waits for, until the result is called. */
function watch(
  cache: WeightsCache,
  key: string,
  onProgress: NonNullable<DownloadOptions["onProgress"]>,
): () => void {
  let waits = true;
  const timer = setInterval(async () => {
    const manifest = await readManifest(cache, partialFile(key));
    if (manifest && waits) onProgress(lengthOf(manifest), manifest.of, { fromCache: true });
  }, 1000);
  return () => {
    waits = false;
    clearInterval(timer);
  };
}

function linkOf(input: string | URL | Request): string {
  const link = input instanceof Request ? input.url : input;
  // undefined would be a relative link
  const url = typeof link === "string" || link instanceof URL ? fullLink(link) : undefined;
  if (url) return url;
  throw new WeightsError(`weights: ${link} is not a link; pass an absolute URL`);
}

function hashOf(text: string): string {
  const hash = sha256();
  hash.update(new TextEncoder().encode(text));
  return hash.hex();
}
