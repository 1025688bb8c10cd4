import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { loadGpen, loadSampler, type ModelSource, restore } from "../../src/index";
import { openTestGpu } from "../gpu";
import { countBuffers, photo, smallModel } from "./models";

const bytes = await smallModel();
const face = photo(32, 32);

/** A server on this machine that answers every request with `answer`. */
async function serve(answer: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((_, response) => answer(response));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/model`;
}

function inChunks(size: number, end = bytes.length): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= end) return controller.close();
      controller.enqueue(bytes.slice(at, Math.min(end, at + size)));
      at += size;
    },
  });
}

test("a model from any kind of source gives the same picture", async () => {
  const gpu = await openTestGpu();
  const url = await serve((response) => response.end(bytes));
  const sources: [string, ModelSource][] = [
    ["Uint8Array", bytes],
    ["ArrayBuffer", bytes.slice().buffer],
    ["Blob", new Blob([bytes])],
    ["ReadableStream", inChunks(1000)],
    ["string", url],
    ["URL", new URL(url)],
    ["ByteSource", { size: bytes.length, read: async (at, n) => bytes.slice(at, at + n) }],
  ];
  const pictures = [];
  for (const [name, source] of sources) {
    const model = await loadGpen(gpu, source);
    pictures.push([name, (await restore(model, face)).pixels.data]);
    model.dispose();
  }
  // The same bytes on the same device: no tolerance.
  for (const [name, picture] of pictures) expect(picture, String(name)).toEqual(pictures[0][1]);
});

test("progress of every phase rises and ends at its total", async () => {
  const gpu = await openTestGpu();
  const url = await serve((response) => {
    response.setHeader("content-length", bytes.length);
    response.end(bytes);
  });
  const seen = new Map<string, [number, number | undefined][]>();
  const model = await loadGpen(gpu, url, {
    onProgress: (phase, done, of) => seen.set(phase, [...(seen.get(phase) ?? []), [done, of]]),
  });
  model.dispose();
  expect([...seen.keys()].sort()).toEqual(["compile", "download", "upload"]);
  for (const [phase, steps] of seen) {
    steps.reduce((before, [done]) => {
      expect(done, phase).toBeGreaterThan(before);
      return done;
    }, 0);
    const [done, of] = steps[steps.length - 1];
    expect(done, phase).toBe(of);
  }
  expect(seen.get("download")!.at(-1)![0]).toBe(bytes.length);
  expect(seen.get("upload")!.at(-1)![0]).toBe(model.memory.weightBytes);
});

const BAD_ANSWERS: [string, (response: ServerResponse) => void, RegExp][] = [
  ["404", (r) => r.writeHead(404).end("no"), /answered 404 Not Found; check the link$/],
  [
    "a page with status 200",
    (r) => r.end("<!DOCTYPE html><title>Sign in</title>"),
    /this is a web page, not a model/,
  ],
  [
    "a download that breaks off",
    (r) => {
      r.setHeader("content-length", bytes.length);
      r.write(bytes.subarray(0, 5000), () => setTimeout(() => r.destroy(), 50));
    },
    /broke off after \d+ of \d+ bytes \(.+\); try again$/,
  ],
  ["half a file", (r) => r.end(bytes.subarray(0, 20_000)), /^safetensors: .*(cut short|fill|file)/],
];

test.each(BAD_ANSWERS)("%s is refused in one sentence", async (_, answer, sentence) => {
  const gpu = await openTestGpu();
  const buffers = countBuffers(gpu.device);
  const url = await serve(answer);
  const failure = await loadGpen(gpu, url).catch((error: Error) => error);
  expect(failure).toMatchObject({ name: "WeightsError", message: expect.stringMatching(sentence) });
  expect((failure as Error).message).not.toContain("\n");
  expect(buffers.made()).toBe(0);
});

test("a link that nobody answers, and sources that are none, are refused", async () => {
  const gpu = await openTestGpu();
  await expect(loadGpen(gpu, "http://127.0.0.1:9/model")).rejects.toThrow(
    /cannot be fetched \(.*\); check the link and the network/,
  );
  for (const source of [null, 7, [1, 2], {}]) {
    await expect(loadGpen(gpu, source as unknown as ModelSource)).rejects.toThrow(
      /the source must be a URL, Uint8Array/,
    );
  }
  const texts = new ReadableStream({ start: (c) => c.enqueue("text") });
  await expect(loadGpen(gpu, texts)).rejects.toThrow(/must deliver Uint8Arrays/);
  await expect(loadGpen(gpu, inChunks(4096, 9000))).rejects.toThrow(/^safetensors: /);
});

test("aborted before, while downloading, while uploading: the signal's reason, and nothing left", async () => {
  const gpu = await openTestGpu();
  const buffers = countBuffers(gpu.device);
  const reason = new Error("the user left");
  for (const load of [loadGpen, loadSampler]) {
    const before = load(gpu, bytes, { signal: AbortSignal.abort(reason) });
    await expect(before).rejects.toBe(reason);
    expect(buffers.made()).toBe(0);
  }
  type Moment = (phase: string, done: number, of?: number) => boolean;
  const moments: Record<string, Moment> = {
    "the first bytes": (phase) => phase === "download",
    "the first weight": (phase) => phase === "upload",
    "the last weight": (phase, done, of) => phase === "upload" && done === of,
    "the first pipeline": (phase) => phase === "compile",
  };
  for (const [name, moment] of Object.entries(moments)) {
    const controller = new AbortController();
    const loading = loadGpen(gpu, inChunks(1000), {
      signal: controller.signal,
      onProgress: (...progress) => moment(...progress) && controller.abort(reason),
    });
    await expect(loading, name).rejects.toBe(reason);
    expect(buffers.live(), name).toBe(0);
  }
  expect(buffers.made()).toBeGreaterThan(0);
});

test("abort ends the wait for a stream and a server that send nothing more", async () => {
  const gpu = await openTestGpu();
  const silent = await serve((response) => response.write(bytes.subarray(0, 100)));
  const stream = new ReadableStream({ start: (c) => c.enqueue(bytes.slice(0, 100)) });
  for (const source of [silent, stream]) {
    const controller = new AbortController();
    const reason = new Error("enough");
    setTimeout(() => controller.abort(reason), 100);
    await expect(loadGpen(gpu, source, { signal: controller.signal })).rejects.toBe(reason);
  }
});
