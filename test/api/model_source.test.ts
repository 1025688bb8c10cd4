import { afterEach, expect, test, vi } from "vitest";
import { openModelSource } from "../../src/restore/model_source";

const FILE = Uint8Array.from({ length: 1000 }, (_, i) => i);

afterEach(() => vi.unstubAllGlobals());

/** Answers with FILE, and with a length in the header. */
function answerOf(length: number): void {
  const headers = { "content-length": `${length}` };
  vi.stubGlobal("fetch", async () => new Response(FILE, { headers }));
}

test("another site that compresses does not show it: its length is that of what was packed", async () => {
  answerOf(900);
  const heard: unknown[] = [];
  const onProgress = (...call: unknown[]) => heard.push(call);
  const source = await openModelSource("https://example.org/model", { onProgress });
  expect(await source.read(0, source.size)).toEqual(FILE);
  expect(heard.at(-1)).toEqual([1000, undefined]);
});

test("a download that ends too early is an error", async () => {
  answerOf(1100);
  await expect(openModelSource("https://example.org/model")).rejects.toThrow(
    /^weights: the download ended after 1000 of 1100 bytes; try again$/,
  );
});

test("a path in Node: who opens files is named", async () => {
  await expect(openModelSource("models/gpen-tiny-128.safetensors")).rejects.toThrow(
    /^weights: models\/gpen-tiny-128.safetensors cannot be fetched \(.+\); check the link, or for a file use openFileSource of gpen-webgpu\/node$/,
  );
});
