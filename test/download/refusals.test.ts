import { readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { EMBEDDED_MODEL } from "../../src/download/embedded_model";
import type { FetchWeightsOptions } from "../../src/download/fetch_weights";
import { fetchWeights } from "../../src/download/fetch_weights";
import { hashOf, randomBytes } from "./bytes";
import type { Answer } from "./server";
import { bytesOf, cache, errorOf, FILE, get, refusal, SHA, server, useServer } from "./setup";

useServer();

const PAGE = "<!DOCTYPE html><title>Not here</title>";
const LFS = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n";
const OTHER_SHA = hashOf(randomBytes(9, 9));

const REFUSED: readonly (readonly [
  why: string,
  answer: Answer,
  options: FetchWeightsOptions,
  words: string,
])[] = [
  ["a 404", { status: 404 }, {}, "answered 404 Not Found; check the link"],
  ["a 403", { status: 403 }, {}, "answered 403 Forbidden"],
  ["a page that says so", { content: PAGE, type: "text/html; charset=utf-8" }, {}, "a web page"],
  ["a page that does not say so", { content: `\n ${PAGE}` }, {}, "is text, not weights"],
  ["an error in XML", { content: '<?xml version="1.0"?><Error/>' }, {}, "is text, not weights"],
  ["a git-lfs pointer", { content: LFS }, {}, "is text, not weights"],
  ["nothing", { content: "" }, {}, "is empty"],
  ["another length", {}, { bytes: 5 }, "has 9500000 bytes, 5 were expected"],
  ["more than expected", { length: null }, { bytes: 5e6 }, "more than the 5000000 bytes"],
  ["another hash", {}, { sha256: OTHER_SHA }, `has sha256 ${SHA}, ${OTHER_SHA} was expected`],
  ["a bit turned", { corruptAt: 8e6 }, { sha256: SHA }, `${SHA} was expected`],
];

test.each(REFUSED)(
  "%s is refused at once, and nothing stays",
  async (_, answer, options, words) => {
    server.next(answer);
    expect(await refusal(options)).toContain(words);
    expect(server.asked).toHaveLength(1);
    expect(await cache.names()).toEqual([]);
  },
);

test.each([
  ["the server stays in trouble", { status: 502 }, "answered 502 Bad Gateway, 3 times in a row"],
  ["nothing ever comes", { hangAfter: -1 }, "sent nothing for 0.1 s, 3 times in a row"],
  ["the line is cut before anything", { cutAfter: 0 }, ", 3 times in a row"],
  ["the length stays wrong", { length: 2e7, cutAfter: 95e5 }, ", 3 times in a row"],
] as const)("%s: it gives up", async (_, answer, words) => {
  server.always(answer);
  expect(await refusal({ retries: 2, stallMs: 100 })).toContain(words);
});

test("a line that is cut after each megabyte and a half is as good as any", async () => {
  server.always({ cutAfter: 1.5e6 });
  expect(hashOf(await bytesOf(await get({ retries: 1 })))).toBe(SHA);
  expect(server.asked).toHaveLength(7);
});

test("a server that cuts and starts over each time is given up", async () => {
  server.always({ cutAfter: 5e6, noRanges: true });
  expect(await refusal({ retries: 3 })).toContain("4 times in a row");
  expect(server.asked.length).toBeLessThanOrEqual(5);
});

test("no server at all", async () => {
  const url = "http://127.0.0.1:9/weights.bin"; // the port of "discard", which nobody serves
  const error = await errorOf(fetchWeights(url, { cache, retries: 1, retryMs: 1 }));
  expect(String(error)).toMatch(/^WeightsError: weights: \S+ cannot be fetched \(.+\), 2 times/);
});

test("what is no link is refused before anything is asked", async () => {
  const error = await errorOf(fetchWeights("models/gpen.bin", { cache }));
  expect(String(error)).toContain("models/gpen.bin is not a link; pass an absolute URL");
});

test("a fetch of the caller's own gets the headers, and may ignore the signal", async () => {
  const asked: string[] = [];
  const own = (async (_input: unknown, init: RequestInit) => {
    asked.push(JSON.stringify(Object.fromEntries(new Headers(init.headers))));
    const body = new ReadableStream({
      pull: (stream) => (asked.length > 1 ? stream.close() : new Promise(() => {})),
      start: (stream) => stream.enqueue(asked.length > 1 ? FILE.slice(5) : FILE.slice(0, 5)),
    });
    const headers = { "last-modified": "now" };
    return new Response(body, { status: asked.length > 1 ? 206 : 200, headers });
  }) as typeof fetch;
  const weights = await get({ fetch: own, stallMs: 50 });
  expect(weights.sha256).toBe(SHA);
  expect(asked).toEqual(["{}", '{"if-range":"now","range":"bytes=5-"}']);
});

test("a Request brings its own headers", async () => {
  server.next({ cutAfter: 3e6 });
  const request = new Request(server.url, { headers: { authorization: "Bearer me" } });
  await fetchWeights(request, { cache, retryMs: 1 });
  expect(server.asked.map(({ authorization }) => authorization)).toEqual([
    "Bearer me",
    "Bearer me",
  ]);
});

test("the embedded model is what EMBEDDED_MODEL says", () => {
  const bytes = readFileSync(new URL(`../../models/${EMBEDDED_MODEL.file}`, import.meta.url));
  expect({ bytes: bytes.length, sha256: hashOf(bytes) }).toEqual({
    bytes: EMBEDDED_MODEL.bytes,
    sha256: EMBEDDED_MODEL.sha256,
  });
});

test("what is no link is refused before anything is asked, also on a page", async () => {
  vi.stubGlobal("location", new URL(server.url));
  const asked = vi.fn(fetch);
  for (const input of [undefined, null, 7] as unknown as string[]) {
    const sentence = `weights: ${input} is not a link; pass an absolute URL`;
    await expect(fetchWeights(input, { fetch: asked })).rejects.toThrow(sentence);
  }
  vi.unstubAllGlobals();
  expect(asked).not.toHaveBeenCalled();
});
