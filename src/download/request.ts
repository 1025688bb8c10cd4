import { WeightsError } from "../errors";
import type { Draft, Version } from "./draft";
import { Interrupted } from "./interrupted";

/** What is asked of the server, and how. */
export interface Wanted {
  readonly input: string | URL | Request;
  /** The link in full. */
  readonly url: string;
  readonly sha256?: string;
  readonly bytes?: number;
  readonly fetch: typeof fetch;
}

/** The status of an answer to a range that begins where the file ends, or after that. */
const BEYOND = 416;

/**
 * Asks for what the draft lacks and returns the body; the draft is emptied if the answer begins at
 * the first byte, or is of another version than what is there.
 *
 * Errors    WeightsError for answers that asking again will not better; Interrupted for others
 * Source    RFC 9110, sections 13.1.5 (If-Range), 14.2 (Range) and 15.3.7 (206) and 15.5.17 (416)
 */
export async function request(
  wanted: Wanted,
  draft: Draft,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const { input, url } = wanted;
  const { etag, modified } = draft.version;
  // Without a hash to tell in the end, and without a version, parts of two files could be joined.
  if (!wanted.sha256 && !etag && !modified) draft.restart();
  const headers = new Headers(input instanceof Request ? input.headers : undefined);
  if (draft.size > 0) {
    headers.set("range", `bytes=${draft.size}-`);
    // Other sites would have to allow this header; there the versions are compared on arrival.
    const version = etag?.startsWith("W/") ? modified : (etag ?? modified);
    if (version && draft.isFrom(url) && isOwn(url)) headers.set("if-range", version);
  }
  // No second copy in the browser's own cache.
  const response = await wanted.fetch(input, { headers, signal, cache: "no-store" });
  const { body } = response;
  try {
    signal.throwIfAborted(); // a fetch that ignores signals: another request is on its way by now
    await checkStatus(response, wanted, draft);
    const rest = response.status === BEYOND ? new Blob().stream() : body;
    if (!rest) throw refused(wanted, "answered without a body");
    take(response, wanted, draft);
    if (rest !== body) void body?.cancel().catch(() => {});
    return rest;
  } catch (error) {
    void body?.cancel().catch(() => {});
    throw error;
  }
}

function isOwn(url: string): boolean {
  return !globalThis.location || new URL(url).origin === location.origin;
}

export function refused({ url }: Wanted, what: string, todo = "check the link"): WeightsError {
  return new WeightsError(`weights: ${url} ${what}; ${todo}`);
}

async function checkStatus(response: Response, wanted: Wanted, draft: Draft): Promise<void> {
  const { status, statusText, headers } = response;
  if (status === BEYOND) {
    const { total } = rangeOf(headers);
    if (total && total === draft.size) return;
    draft.restart();
    throw new Interrupted("refuses the range that is missing");
  }
  const passing = [408, 425, 429].includes(status) || status >= 500;
  const answered = `answered ${`${status} ${statusText}`.trim()}`;
  if (passing) throw new Interrupted(answered);
  // What has arrived is the beginning of a file that is nowhere, unless its hash finds it a mirror.
  if ((status === 404 || status === 410) && !wanted.sha256) await draft.discard();
  if (status !== 200 && !(status === 206 && draft.size > 0)) throw refused(wanted, answered);
  if (headers.get("content-type")?.startsWith("text/html")) {
    throw refused(wanted, "answered with a web page");
  }
}

/** The first byte of an answer and the length of the file, as far as it says so. */
function rangeOf(headers: Headers): { readonly from?: number; readonly total?: number } {
  const [, from, total] =
    /^bytes (?:(\d+)-\d+|\*)\/(\d+)?/.exec(headers.get("content-range") ?? "") ?? [];
  return { from: from ? Number(from) : undefined, total: total ? Number(total) : undefined };
}

/** Compares the answer with what is there and what was asked for; a whole file begins anew. */
function take({ status, headers, type }: Response, wanted: Wanted, draft: Draft): void {
  const have = status === 200 ? 0 : draft.size;
  // A length counts bytes before decoding, which says nothing of what arrives.
  const encoded = headers.has("content-encoding");
  const length = encoded ? null : headers.get("content-length");
  const { from, total } = rangeOf(headers);
  // A part may be answered in parts: its own length is not what is left of the file.
  const stated = total || (length ? have + Number(length) : undefined);
  const { bytes } = wanted;
  const version: Version = {
    of: bytes ?? stated,
    etag: (!encoded && headers.get("etag")) || undefined,
    modified: (!encoded && headers.get("last-modified")) || undefined,
  };
  // Other sites do not show that they compress: a whole file may be longer than they say.
  const longer = have === 0 && type === "cors";
  if (bytes !== undefined && stated && (stated > bytes || (stated < bytes && !longer)))
    throw refused(wanted, `has ${stated} bytes, ${bytes} were expected`);
  if (have === 0) {
    draft.restart(version, wanted.url);
    return;
  }
  if (differs(version, draft.version) || (from !== undefined && from !== have)) {
    draft.restart();
    throw new Interrupted("has changed since the download began");
  }
  draft.resumed = true;
  if (version.of !== undefined) draft.expect(version.of);
}

/** Other sites show few headers: only what both know can differ. */
function differs(a: Version, b: Version): boolean {
  const keys = ["of", "etag", "modified"] as const;
  return keys.some((key) => a[key] !== undefined && b[key] !== undefined && a[key] !== b[key]);
}
