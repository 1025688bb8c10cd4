import { expect, test } from "vitest";
import type { FetchWeightsOptions } from "../../src/download/fetch_weights";
import { deleteWeights, listWeights } from "../../src/download/list_weights";
import { hashOf, randomBytes } from "./bytes";
import { type Answer, ETAG } from "./server";
import { bytesOf, cache, errorOf, FILE, get, SHA, server, useServer } from "./setup";

useServer();

const OTHER = randomBytes(FILE.length, 4);
const OTHER_SHA = hashOf(OTHER);

/** A visit that ends when so many bytes have come. */
async function visit(bytes: number, options: FetchWeightsOptions = {}): Promise<void> {
  const control = new AbortController();
  const reason = new Error("the page was left");
  const onProgress = (done: number) => done >= bytes && control.abort(reason);
  const error = await errorOf(get({ ...options, signal: control.signal, onProgress }));
  expect(error).toBe(reason);
}

test("an aborted download goes on where it was, and says how far it is", async () => {
  await visit(5e6);
  const progress: unknown[] = [];
  const onProgress = (...call: unknown[]) => progress.push(call);
  const [partial] = await listWeights(cache);
  expect(partial).toMatchObject({ sha256: undefined, urls: [server.url], name: "weights.bin" });
  expect(partial.bytes).toBeGreaterThanOrEqual(5e6);
  expect(hashOf(await bytesOf(await get({ onProgress })))).toBe(SHA);
  expect(server.asked[1]).toMatchObject({ range: `bytes=${partial.bytes}-`, ifRange: ETAG });
  expect(progress[0]).toEqual([partial.bytes, FILE.length, { fromCache: true }]);
  expect((await listWeights(cache)).map(({ sha256 }) => sha256)).toEqual([SHA]);
});

test("after an abort no request goes on", async () => {
  server.always({ slowMs: 20 });
  await visit(1e5);
  await expect.poll(() => server.asked[0].closed).toBe(true);
  const { sent } = server.asked[0];
  await new Promise((done) => setTimeout(done, 100));
  expect(server.asked[0].sent).toBe(sent);
  expect(server.asked).toHaveLength(1);
});

test("an abort while it waits to try again, or before it begins, is one too", async () => {
  const reason = new Error("enough");
  server.always({ status: 500 });
  const signal = AbortSignal.abort(reason);
  expect(await errorOf(get({ signal }))).toBe(reason);
  expect(server.asked).toHaveLength(0);
  const control = new AbortController();
  const waiting = errorOf(get({ signal: control.signal, retryMs: 60_000 }));
  await expect.poll(() => server.asked.length).toBe(1);
  control.abort(reason);
  expect(await waiting).toBe(reason);
});

const CHANGED: readonly (readonly [why: string, before: Answer, after: Answer])[] = [
  ["by its ETag", {}, { content: OTHER, etag: '"two"' }],
  ["by its date", { etag: null }, { content: OTHER, etag: null, modified: "later" }],
  [
    "by its date, with weak ETags",
    { etag: 'W/"1"' },
    { etag: 'W/"2"', modified: "b", content: OTHER },
  ],
  [
    "as nothing tells",
    { etag: null, modified: null },
    { content: OTHER, etag: null, modified: null },
  ],
];

test.each(CHANGED)("a file that has changed is not joined: %s", async (_, before, after) => {
  server.always(before);
  await visit(5e6);
  server.always(after);
  const weights = await get();
  expect(weights.sha256).toBe(OTHER_SHA);
  expect(hashOf(await bytesOf(weights))).toBe(OTHER_SHA);
});

test("a server that ignores If-Range is caught by what it says of the file", async () => {
  await visit(5e6);
  // answers 206 of the new file, as a server does that looks at Range alone
  const ignorant: typeof fetch = (input, init) => {
    const headers = new Headers(init?.headers);
    headers.delete("if-range");
    return fetch(input, { ...init, headers });
  };
  server.always({ content: OTHER, etag: '"two"' });
  expect((await get({ fetch: ignorant })).sha256).toBe(OTHER_SHA);
  expect(server.asked.map(({ range }) => range !== undefined)).toEqual([false, true, false]);
});

test("a wrong join under a given hash is downloaded once more in one go", async () => {
  server.always({ etag: null, modified: null, content: OTHER });
  await visit(5e6, { sha256: SHA });
  server.always({ etag: null, modified: null });
  expect((await get({ sha256: SHA })).sha256).toBe(SHA);
  expect(server.asked.map(({ range }) => range !== undefined)).toEqual([false, true, false]);
});

test("with a hash a mirror goes on where another link has stopped", async () => {
  await visit(5e6, { sha256: SHA });
  const { fetchWeights } = await import("../../src/download/fetch_weights");
  await fetchWeights(`${server.origin}/mirror.bin`, { cache, sha256: SHA });
  expect(server.asked[1]).toMatchObject({ path: "/mirror.bin", ifRange: undefined });
  expect(server.asked[1].range).toMatch(/^bytes=[5-9]\d{6}-$/);
});

test("a compressed answer is unpacked, hashed as the file, and never resumed by its own length", async () => {
  server.always({ gzip: true });
  await visit(5e6);
  const weights = await get();
  expect(weights.sha256).toBe(SHA);
  expect(server.asked[1].range).toBeUndefined();
});

test("redirects are followed", async () => {
  server.next({ redirect: "/elsewhere.bin" });
  expect((await get()).sha256).toBe(SHA);
  expect(server.asked[1].path).toBe("/elsewhere.bin");
});

test("a page that answers instead leaves what has arrived", async () => {
  await visit(5e6);
  server.next({ content: "<html>Log in to this network", type: "text/html", noRanges: true });
  await errorOf(get());
  expect((await get()).sha256).toBe(SHA);
  expect(server.asked[2].range).toBeDefined();
});

test("of a file that is gone nothing is kept, unless a hash can find it elsewhere", async () => {
  for (const options of [{}, { sha256: SHA }]) {
    await visit(5e6, options);
    server.next({ status: 404 });
    await errorOf(get(options));
    expect(await listWeights(cache)).toHaveLength(options.sha256 ? 1 : 0);
  }
});

test("a piece that is damaged on disk is noticed in the end, and fetched again", async () => {
  await visit(9e6, { sha256: SHA });
  const [piece] = (await cache.names()).filter((name) => /^[0-9a-f]{64}$/.test(name));
  const bytes = new Uint8Array(await (await cache.read(piece))!.arrayBuffer());
  bytes[77] ^= 4;
  await cache.write(piece, bytes);
  expect((await get({ sha256: SHA })).sha256).toBe(SHA);
});

test("a piece that is missing is fetched again, with those after it", async () => {
  await visit(9e6);
  const { pieces } = JSON.parse(
    await (await cache.read(
      (await cache.names()).find((name) => name.startsWith("partial-"))!,
    ))!.text(),
  );
  await cache.delete(pieces[1].sha256);
  expect((await get()).sha256).toBe(SHA);
  expect(server.asked[1].range).toBe(`bytes=${pieces[0].bytes}-`);
});

test("two calls at once are one download, and a caller that leaves does not end it", async () => {
  server.always({ slowMs: 2 });
  const control = new AbortController();
  const first = get();
  const second = get();
  const third = errorOf(get({ signal: control.signal }));
  await expect.poll(() => server.asked.length).toBe(1);
  control.abort("gone");
  expect(await third).toBe("gone");
  const [a, b] = await Promise.all([first, second]);
  expect([a.sha256, b.sha256]).toEqual([SHA, SHA]);
  expect(server.asked).toHaveLength(1);
});

test("a caller that waits for another's download hears how far it is", async () => {
  server.always({ slowMs: 12 }); // 145 chunks, 1.7 s at least
  const heard: [number, boolean][] = [];
  const first = get();
  await expect.poll(() => server.asked.length).toBe(1);
  await get({ onProgress: (done, _, { fromCache }) => heard.push([done, fromCache]) });
  expect((await first).sha256).toBe(SHA);
  expect(heard.length).toBeGreaterThanOrEqual(2);
  expect(heard[0][0]).toBeLessThan(FILE.length);
  expect(heard.at(-1)).toEqual([FILE.length, true]);
});

test("a download whose pieces are deleted under it begins again", async () => {
  let deleted: Promise<unknown> | undefined;
  const onProgress = (done: number) => {
    if (done > 9e6) deleted ??= deleteWeights(server.url, cache);
  };
  server.always({ slowMs: 1 });
  const weights = await get({ onProgress });
  await deleted;
  expect(hashOf(await bytesOf(weights))).toBe(SHA);
});
