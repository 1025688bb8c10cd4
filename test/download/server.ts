import { once } from "node:events";
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";

/** What is wrong with one answer; {} is a good one. */
export interface Answer {
  readonly status?: number;
  /** The body of a refusal, or what lies at the link now. */
  readonly content?: Uint8Array | string;
  readonly etag?: string | null;
  readonly modified?: string | null;
  readonly type?: string;
  /** Range requests get the whole file. */
  readonly noRanges?: boolean;
  /** The connection is cut after so many bytes of the body. */
  readonly cutAfter?: number;
  /** Nothing comes after so many bytes of the body; -1: not even headers. */
  readonly hangAfter?: number;
  /** A bit of this byte of the file is turned. */
  readonly corruptAt?: number;
  /** Milliseconds between pieces of 64 kB. */
  readonly slowMs?: number;
  /** A Content-Length that is not that of the body; null: none, the body comes in chunks. */
  readonly length?: number | null;
  readonly gzip?: boolean;
  readonly redirect?: string;
  /** Starts at another byte than asked for. */
  readonly startAt?: number;
  /** Most bytes that a range gets, as some caches on the way answer. */
  readonly most?: number;
}

export interface Asked {
  readonly path: string;
  readonly method: string;
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
  readonly authorization: string | undefined;
  /** Of the body, so far. */
  sent: number;
  /** Whether the connection is over. */
  closed: boolean;
}

export interface Script {
  /** Every request so far. */
  readonly asked: Asked[];
  /** The answers of the next requests; later ones are good. */
  next(...answers: Answer[]): void;
  /** What the good answers are from now on. */
  always(answer: Answer): void;
}

export interface TestServer extends Script {
  readonly origin: string;
  /** The link of the file. */
  readonly url: string;
  close(): Promise<void>;
}

export const ETAG = '"one"';
const MODIFIED = "Sun, 22 Nov 2026 10:00:00 GMT";
const CHUNK = 65536; // bytes

/** A server of one file at /weights.bin that fails as it is told to; other sites may ask it. */
export async function startServer(file: Uint8Array): Promise<TestServer> {
  const { handle, ...script } = serveFile(file);
  const server = createServer(handle);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...script,
    origin,
    url: `${origin}/weights.bin`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** The same without a server: a handler for one that is there. */
export function serveFile(file: Uint8Array): Script & { handle: RequestListener } {
  const asked: Asked[] = [];
  let queue: Answer[] = [];
  let usual: Answer = {};
  const handle: RequestListener = (request, response) => {
    const entry = record(request);
    asked.push(entry);
    response.setHeader("access-control-allow-origin", "*");
    response.on("close", () => {
      entry.closed = true;
    });
    void answer(request, response, file, { ...usual, ...queue.shift() }, entry);
  };
  return {
    handle,
    asked,
    next(...answers) {
      queue = answers;
    },
    always(answer) {
      usual = answer;
    },
  };
}

function record({ url = "", method = "", headers }: IncomingMessage): Asked {
  const { range, authorization, "if-range": ifRange } = headers;
  const entry = { path: url, method, range, authorization, sent: 0, closed: false };
  return { ...entry, ifRange: ifRange as string | undefined };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  file: Uint8Array,
  wrong: Answer,
  entry: Asked,
): Promise<void> {
  if (wrong.hangAfter === -1) return;
  if (wrong.redirect) {
    response.writeHead(302, { location: wrong.redirect }).end();
    return;
  }
  if (wrong.type) response.setHeader("content-type", wrong.type);
  const content = Buffer.from(wrong.content ?? file);
  if (wrong.status) {
    response.writeHead(wrong.status).end(content);
    return;
  }
  const { etag = ETAG, modified = MODIFIED } = wrong;
  if (etag) response.setHeader("etag", etag);
  if (modified) response.setHeader("last-modified", modified);
  const from = startOf(request, wrong);
  if (from !== undefined && from >= content.length) {
    response.setHeader("content-range", `bytes */${content.length}`);
    response.writeHead(416).end("no such range");
    return;
  }
  const body = bodyOf(content, from ?? 0, wrong);
  if (from !== undefined) {
    const first = from + (wrong.startAt ?? 0);
    const range = `bytes ${first}-${first + body.length - 1}/${content.length}`;
    response.setHeader("content-range", range);
  }
  if (wrong.gzip) response.setHeader("content-encoding", "gzip");
  const length = wrong.length === undefined ? body.length : wrong.length;
  if (length !== null) response.setHeader("content-length", length);
  response.strictContentLength = false;
  response.writeHead(from === undefined ? 200 : 206);
  await send(response, body, wrong, entry);
}

/** The first byte that is asked for; undefined where the whole file is the answer. */
function startOf({ headers }: IncomingMessage, wrong: Answer): number | undefined {
  const { etag = ETAG, modified = MODIFIED, noRanges } = wrong;
  const [, from] = /^bytes=(\d+)-$/.exec(headers.range ?? "") ?? [];
  const ifRange = headers["if-range"];
  const same = ifRange === undefined || ifRange === etag || ifRange === modified;
  return from !== undefined && same && !noRanges ? Number(from) : undefined;
}

function bodyOf(content: Buffer, from: number, wrong: Answer): Buffer {
  const { corruptAt, gzip, startAt, most = content.length } = wrong;
  const whole = Buffer.from(content);
  if (corruptAt !== undefined) whole[corruptAt] ^= 1;
  const body = whole.subarray(from + (startAt ?? 0)).subarray(0, from > 0 ? most : whole.length);
  return gzip ? gzipSync(body) : body;
}

async function send(
  response: ServerResponse,
  body: Buffer,
  { cutAfter, hangAfter, slowMs }: Answer,
  entry: Asked,
): Promise<void> {
  const closed = once(response, "close");
  const end = Math.min(body.length, cutAfter ?? body.length, hangAfter ?? body.length);
  for (let at = 0; at < end && !response.destroyed; at += CHUNK) {
    const part = body.subarray(at, Math.min(end, at + CHUNK));
    await Promise.race([closed, new Promise((done) => response.write(part, done))]);
    entry.sent += part.length;
    if (slowMs) await new Promise((done) => setTimeout(done, slowMs));
  }
  if (hangAfter !== undefined) return;
  if (cutAfter !== undefined) response.destroy();
  else response.end();
}
