import { WeightsError } from "../errors";
import type { CacheChoice } from "./cache";
import { Draft } from "./draft";
import { openCaches } from "./open_cache";
import { opened, type Weights } from "./open_weights";

const SLICE = 1 << 20; // bytes

/** Where the file is kept; progress is in bytes. */
export interface CacheWeightsOptions {
  readonly cache?: CacheChoice;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, of: number) => void;
}

/**
 * Keeps a file that the user has picked, so that openWeights finds it by name on the next visit.
 * Errors: WeightsError if it is empty or text; what reading the Blob throws; the signal's reason when aborted.
 */
export async function cacheWeights(
  blob: Blob,
  name: string,
  { cache: choice, signal, onProgress }: CacheWeightsOptions = {},
): Promise<Weights> {
  if (blob.size === 0)
    throw new WeightsError(`weights: ${name} is empty; pick the file of a model`);
  const [cache] = await openCaches(choice);
  const draft = new Draft(cache, crypto.randomUUID(), name);
  draft.restart({ of: blob.size });
  try {
    await draft.fit();
    while (draft.size < blob.size) {
      signal?.throwIfAborted();
      const slice = blob.slice(draft.size, draft.size + SLICE);
      await draft.append(new Uint8Array(await slice.arrayBuffer()));
      onProgress?.(draft.size, blob.size);
    }
    return opened(await draft.keep(await draft.hash()));
  } catch (error) {
    await draft.discard();
    throw error;
  }
}
