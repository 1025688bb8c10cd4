import { expect, test, vi } from "vitest";
import { fetchWeights } from "../../src/download/fetch_weights";
import { hashOf } from "./bytes";
import type { Answer } from "./server";
import { bytesOf, cache, FILE, get, SHA, server, useServer } from "./setup";

useServer();

test("a file arrives whole, is named by its hash, and is read in pieces at any offset", async () => {
  const weights = await get();
  expect(weights).toMatchObject({ size: FILE.length, sha256: SHA, where: "test" });
  expect(hashOf(await bytesOf(weights))).toBe(SHA);
  for (const [offset, length] of [
    [0, 0],
    [1, 5],
    [4_194_300, 8],
    [4_194_304, 4_194_304],
    [4_194_303, 4_194_306],
    [FILE.length - 1, 1],
  ]) {
    const part = await weights.read(offset, length);
    expect(Buffer.compare(part, FILE.subarray(offset, offset + length)), `${offset}`).toBe(0);
  }
});

test("the second call asks for nothing, with and without a hash, and says so", async () => {
  await get();
  const progress = vi.fn();
  expect(hashOf(await bytesOf(await get({ onProgress: progress })))).toBe(SHA);
  expect(hashOf(await bytesOf(await get({ sha256: SHA, bytes: FILE.length })))).toBe(SHA);
  expect(server.asked).toHaveLength(1);
  expect(progress.mock.calls).toEqual([[FILE.length, FILE.length, { fromCache: true }]]);
});

test("the same file from another link is served by its hash", async () => {
  await get({ sha256: SHA });
  await fetchWeights(`${server.origin}/mirror.bin`, { cache, sha256: SHA.toUpperCase() });
  expect(server.asked).toHaveLength(1);
});

test("a file that two links have brought is known by both", async () => {
  const mirror = `${server.origin}/mirror.bin`;
  await get();
  await fetchWeights(mirror, { cache });
  expect(server.asked).toHaveLength(2);
  await get();
  await fetchWeights(mirror, { cache });
  expect(server.asked).toHaveLength(2);
});

test("progress rises to the end and knows the length", async () => {
  const calls: [number, number | undefined][] = [];
  await get({ onProgress: (done, of) => calls.push([done, of]) });
  expect(calls.every(([done], i) => i === 0 || done > calls[i - 1][0])).toBe(true);
  expect(calls.at(-1)).toEqual([FILE.length, FILE.length]);
});

const HEALED: readonly (readonly [why: string, answers: Answer[], ranges: unknown[]])[] = [
  ["a cut before the first byte", [{ cutAfter: 0 }], [undefined, undefined]],
  ["a cut in the middle", [{ cutAfter: 5e6 }], [undefined, "bytes=5000000-"]],
  [
    "three cuts",
    [{ cutAfter: 2e6 }, { cutAfter: 3e6 }, { cutAfter: 1e6 }],
    [undefined, "bytes=2000000-", "bytes=5000000-", "bytes=6000000-"],
  ],
  ["no bytes for longer than stallMs", [{ hangAfter: 3e6 }], [undefined, "bytes=3000000-"]],
  ["no answer for longer than stallMs", [{ hangAfter: -1 }], [undefined, undefined]],
  ["a server in trouble", [{ status: 500 }, { status: 503 }, { status: 429 }], Array(4)],
  [
    "a length above what comes",
    [{ length: 1e7, cutAfter: 95e5 }],
    [undefined, "bytes=9500000-", undefined],
  ],
  ["a cut without a length", [{ length: null, cutAfter: 5e6 }], [undefined, "bytes=5000000-"]],
  [
    "a server that starts over",
    [{ cutAfter: 5e6 }, { noRanges: true }],
    [undefined, "bytes=5000000-"],
  ],
  [
    "the same without a length",
    [{ cutAfter: 5e6 }, { startAt: 7, length: null }],
    [undefined, "bytes=5000000-", undefined],
  ],
  [
    "a server that answers from another byte",
    [{ cutAfter: 5e6 }, { startAt: 7 }],
    [undefined, "bytes=5000000-", undefined],
  ],
];

test.each(HEALED)("%s: the file arrives all the same", async (_, answers, ranges) => {
  server.next(...answers);
  expect(hashOf(await bytesOf(await get({ stallMs: 300 })))).toBe(SHA);
  expect(server.asked.map(({ range }) => range)).toEqual([...ranges]);
});

test("an answer without a length that ends early is noticed where the caller knows it", async () => {
  server.next({ length: null, content: FILE.slice(0, 5e6) });
  expect((await get({ bytes: FILE.length })).sha256).toBe(SHA);
  expect(server.asked.map(({ range }) => range)).toEqual([undefined, "bytes=5000000-"]);
});
