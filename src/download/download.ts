import { WeightsError } from "../errors";
import { untilAborted, wait } from "./abort";
import type { WeightsCache } from "./cache";
import { Draft, type Kept } from "./draft";
import { Interrupted } from "./interrupted";
import { refused, request, type Wanted } from "./request";
import { LEFT } from "./while_shown";

export interface DownloadOptions {
  readonly signal?: AbortSignal;
  /** Bytes so far; `of` is undefined where nobody says. `fromCache`: all of them were there before. */
  readonly onProgress?: (
    done: number,
    of: number | undefined,
    info: { readonly fromCache: boolean },
  ) => void;
  /** How often a broken download is taken up again before it has got 1 MB further; 4 by default. */
  readonly retries?: number;
  /** Milliseconds before the first of them, doubled each time up to 10 s; 500 by default. */
  readonly retryMs?: number;
  /** Milliseconds without a byte after which a connection counts as broken; 30,000 by default. */
  readonly stallMs?: number;
}

const LONGEST_WAIT = 10_000; // ms
/** Progress that earns new retries: a bad line ends, but one that is cut in each megabyte does not. */
const WORTH = 1e6; // bytes

/** Downloads what the cache lacks of a file, and keeps the whole under its hash. */
export async function download(
  wanted: Wanted,
  cache: WeightsCache,
  key: string,
  options: DownloadOptions,
): Promise<Kept> {
  const { signal, retries = 4, retryMs = 500 } = options;
  const draft = new Draft(cache, key, fileName(wanted.url), wanted.url);
  await draft.resume(signal);
  if (draft.size > 0) options.onProgress?.(draft.size, draft.version.of, { fromCache: true });
  let furthest = draft.size;
  for (let failures = 0; ; ) {
    try {
      if (draft.size === 0 || draft.size !== draft.version.of)
        await receive(wanted, draft, options);
      return await finish(wanted, draft);
    } catch (error) {
      if (signal?.aborted || !(error instanceof Interrupted)) {
        // When a page that was put away is shown again, another may have gone further.
        if (signal?.reason !== LEFT) await draft.flush().catch(() => {});
        throw error;
      }
      await draft.flush(); // the page may be left, or the signal aborted, while it waits
      if (draft.size > furthest + WORTH) failures = 0;
      furthest = Math.max(furthest, draft.size);
      if (failures++ === retries) {
        const todo = "check the network, and fetch again to go on from there";
        throw refused(wanted, `${error.message}, ${failures} times in a row`, todo);
      }
    }
    await wait(Math.min(retryMs * 2 ** (failures - 1), LONGEST_WAIT), signal);
  }
}

/** One request, to the end of its answer. Throws Interrupted if that is not the end of the file. */
async function receive(wanted: Wanted, draft: Draft, options: DownloadOptions): Promise<void> {
  const { signal, stallMs = 30_000, onProgress } = options;
  const line = new AbortController();
  const either = signal ? AbortSignal.any([signal, line.signal]) : line.signal;
  const stalled = () => line.abort(new Interrupted(`sent nothing for ${stallMs / 1000} s`));
  const within = async <T>(answer: Promise<T>): Promise<T> => {
    const timer = setTimeout(stalled, stallMs);
    return untilAborted(answer, either)
      .catch((error) => {
        throw whyStopped(error, signal);
      })
      .finally(() => clearTimeout(timer));
  };
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  try {
    reader = (await within(request(wanted, draft, either))).getReader();
    await draft.fit();
    for (let chunk = await within(reader.read()); !chunk.done; ) {
      await draft.append(chunk.value);
      const { of } = draft.version;
      if (draft.size > (of ?? Number.POSITIVE_INFINITY)) await tooLong(wanted, draft);
      onProgress?.(draft.size, draft.version.of, { fromCache: false });
      chunk = await within(reader.read());
    }
    const { of } = draft.version;
    if (of !== undefined && draft.size < of) {
      throw new Interrupted(`ended after ${draft.size} of ${of} bytes`);
    }
  } finally {
    void reader?.cancel().catch(() => {}); // ends the request
  }
}

function whyStopped(error: Error, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return signal.reason;
  if (error instanceof WeightsError || error instanceof Interrupted) return error;
  return new Interrupted(`cannot be fetched (${error.message})`);
}

async function tooLong(wanted: Wanted, draft: Draft): Promise<void> {
  const { bytes } = wanted;
  // The server's own word counts compressed bytes where another site does not show that it compresses.
  if (bytes === undefined) return draft.expect(undefined);
  await draft.discard();
  throw refused(wanted, `has more than the ${bytes} bytes that were expected`);
}

async function finish(wanted: Wanted, draft: Draft): Promise<Kept> {
  if (draft.size === 0) throw refused(wanted, "is empty");
  const hash = await draft.hash();
  if (!wanted.sha256 || hash === wanted.sha256) return draft.keep(hash);
  const { resumed } = draft;
  await draft.discard();
  const what = `has sha256 ${hash}, ${wanted.sha256} was expected`;
  // Parts of two versions may have been joined: that deserves a download in one go.
  throw resumed ? new Interrupted(what) : refused(wanted, what);
}

function fileName(url: string): string {
  return new URL(url).pathname.split("/").pop() || url;
}
