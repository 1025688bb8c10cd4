import { expect, test } from "vitest";
import { MEMORY, type WeightsCache } from "../../src/download/cache";
import { cacheWeights } from "../../src/download/cache_weights";
import { fetchWeights } from "../../src/download/fetch_weights";
import { clearWeights, listWeights } from "../../src/download/list_weights";
import { remove } from "../../src/download/manifest";
import { hashOf } from "./bytes";
import { bytesOf, cache, errorOf, FILE, get, refusal, SHA, server, useServer } from "./setup";

useServer();

/** Headers that a page may read of an answer from another site (Fetch, CORS-safelisted ones). */
const SHOWN = ["content-length", "content-type", "last-modified"];

/** As a browser shows the answers of another site: unpacked, and without most headers. */
const fromOtherSite: typeof fetch = async (input, init) => {
  const { body, status, headers } = await fetch(input, init);
  const shown = [...headers].filter(([name]) => SHOWN.includes(name));
  return Object.defineProperty(new Response(body, { status, headers: shown }), "type", {
    value: "cors",
  });
};

test("another site that compresses does not show it: the length is that of what was packed", async () => {
  // sixteen letters in random order: half of it when packed
  const file = FILE.map((byte) => byte & 15);
  server.always({ gzip: true, content: file });
  for (const options of [
    {},
    { bytes: file.length },
    { bytes: file.length, sha256: hashOf(file) },
  ]) {
    await clearWeights(cache);
    const weights = await get({ fetch: fromOtherSite, retries: 0, ...options });
    expect(weights.sha256).toBe(hashOf(file));
  }
});

test("another site's file that is longer or shorter than expected is refused", async () => {
  const other = { fetch: fromOtherSite, retries: 1 };
  expect(await refusal({ ...other, bytes: 5e6 })).toContain("has 9500000 bytes, 5000000 were");
  expect(await refusal({ ...other, bytes: 1e7 })).toContain("refuses the range that is missing");
  server.always({ gzip: true });
  expect(await refusal({ ...other, bytes: 5e6 })).toMatch(/5000000 (bytes that )?were expected/);
});

test("what is whole already, though nobody has said so, is not asked for again", async () => {
  server.next({ length: null, hangAfter: FILE.length });
  expect((await get({ stallMs: 500 })).sha256).toBe(SHA);
  expect(server.asked.map(({ range, sent }) => [range, sent])).toEqual([
    [undefined, FILE.length],
    ["bytes=9500000-", 0],
  ]);
});

test.each([
  ["longer than the file", Buffer.concat([FILE, FILE.subarray(0, 9)]), {}],
  ["as long as the file, but another one", FILE.toReversed(), { sha256: SHA }],
])("what has arrived is %s: it begins anew", async (_, content, options) => {
  server.next({ content, length: null, hangAfter: content.length });
  expect((await get({ stallMs: 500, ...options })).sha256).toBe(SHA);
  expect(server.asked.map(({ range }) => range !== undefined)).toEqual([false, true, false]);
});

test("an empty file is not kept", async () => {
  const error = await errorOf(cacheWeights(new Blob(), "mine.bin", { cache }));
  expect(String(error)).toBe("WeightsError: weights: mine.bin is empty; pick the file of a model");
  expect(await listWeights(cache)).toEqual([]);
});

test.each([
  ["and says how long the file is", undefined],
  ["of a length that it had not said", null],
])("a server that answers a range with a part of it, %s", async (_, length) => {
  server.next({ length, cutAfter: 5e6 });
  server.always({ length, most: 1.9e6 });
  expect((await get()).sha256).toBe(SHA);
  expect(server.asked.map(({ range }) => range !== undefined)).toEqual([false, true, true, true]);
});

test("what arrived before the signal was aborted in a pause is kept", async () => {
  server.next({ cutAfter: 2e6 });
  const control = new AbortController();
  const waiting = errorOf(get({ signal: control.signal, retryMs: 60_000 }));
  await expect.poll(async () => (await listWeights(cache))[0]?.bytes ?? 0).toBeGreaterThan(1e6);
  control.abort("left");
  expect(await waiting).toBe("left");
  const [{ bytes }] = await listWeights(cache);
  expect((await get()).sha256).toBe(SHA);
  expect(server.asked[1].range).toBe(`bytes=${bytes}-`);
});

test("an answer that comes when its request was given up changes nothing", async () => {
  let asked = 0;
  let release = () => {};
  const halfway = new Promise<void>((done) => {
    release = done;
  });
  const own = (async () => {
    const late = asked++ === 0;
    const parts = [FILE.slice(0, 3e6), FILE.slice(3e6)];
    const body = new ReadableStream({
      async pull(stream) {
        if (!late && parts.length === 1) {
          await new Promise((done) => setTimeout(done, 50));
          release();
          await new Promise((done) => setTimeout(done, 50));
        }
        const part = parts.shift();
        if (part) stream.enqueue(part);
        else stream.close();
      },
    });
    if (late) await halfway;
    return new Response(body, { headers: { etag: '"one"' } });
  }) as typeof fetch;
  expect((await get({ fetch: own, stallMs: 500 })).sha256).toBe(SHA);
  expect(asked).toBe(2);
});

test("a Request that is aborted by its own signal is aborted", async () => {
  server.always({ slowMs: 5 });
  const control = new AbortController();
  const request = new Request(server.url, { signal: control.signal });
  const failure = errorOf(fetchWeights(request, { cache, retryMs: 1 }));
  await expect.poll(() => server.asked.length).toBe(1);
  control.abort(new Error("enough"));
  expect(String(await failure)).toContain("enough");
  expect(server.asked).toHaveLength(1);
});

test("pieces on their way to memory are not swept away by what else happens there", async () => {
  let writes = 0;
  const small: WeightsCache = {
    ...cache,
    name: "small",
    async write(name, bytes) {
      if (/^[0-9a-f]{64}$/.test(name) && ++writes > 1) throw new Error("full");
      return cache.write(name, bytes);
    },
    async read(name) {
      const blob = await cache.read(name);
      // another file in memory is deleted just then
      if (writes > 1) setTimeout(() => void remove(MEMORY, []), 1);
      if (writes > 1) await new Promise((done) => setTimeout(done, 5));
      return blob;
    },
  };
  let swept: Promise<void> | undefined;
  const { write } = MEMORY;
  MEMORY.write = async (name, bytes) => {
    await write(name, bytes);
    swept ??= remove(MEMORY, []);
    await new Promise((done) => setTimeout(done, 20));
  };
  try {
    const weights = await get({ cache: small });
    expect(hashOf(await bytesOf(weights))).toBe(SHA);
    expect(server.asked).toHaveLength(1);
  } finally {
    MEMORY.write = write;
    await swept;
    await clearWeights("memory");
  }
});

test("a file can be read while another page writes the same pieces again", async () => {
  const stale = new Map<string, number>();
  // as in OPFS: a File whose file was written since cannot be read
  const store: WeightsCache = {
    ...cache,
    async write(name, bytes) {
      stale.set(name, (stale.get(name) ?? 0) + 1);
      return cache.write(name, bytes);
    },
    async read(name) {
      const [blob, mine] = [await cache.read(name), stale.get(name)];
      if (!blob) return undefined;
      const { size } = blob;
      const slice = (from: number, to: number) => ({
        arrayBuffer: async () => {
          if (stale.get(name) !== mine) throw new DOMException("changed", "NotReadableError");
          return blob.slice(from, to).arrayBuffer();
        },
      });
      return { size, slice, text: () => blob.text() } as unknown as Blob;
    },
  };
  const weights = await get({ cache: store });
  const first = (await weights.read(100, 50)).slice();
  await cacheWeights(new Blob([FILE]), "mine.bin", { cache: store });
  expect(await weights.read(100, 50)).toEqual(first);
});
