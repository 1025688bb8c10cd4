import type { Page } from "puppeteer";
import type { Plugin } from "vite";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { EMBEDDED_MODEL } from "../../src/download/embedded_model";
import { hashOf, randomBytes } from "../download/bytes";
import { serveFile, startServer, type TestServer } from "../download/server";
import { FIREFOX, openPage } from "./browser";

const FILE = randomBytes(9_500_000, 3); // two whole pieces and a rest
const SHA = hashOf(FILE);
const OWN = "/served/weights.bin";

const own = serveFile(FILE);
const plugin: Plugin = {
  name: "weights",
  configureServer: ({ middlewares }) => void middlewares.use("/served", own.handle),
};
let other: TestServer;

beforeAll(async () => {
  other = await startServer(FILE);
});
afterAll(() => other.close());
beforeEach(() => {
  for (const server of [own, other]) {
    server.asked.length = 0;
    server.always({});
  }
});

/** What the browser says of the failures that tests bring about. */
const EXPECTED =
  /Failed to load resource|was asked|blocked by CORS|Page entered Back-Forward Cache/;

async function open(): Promise<Page> {
  const { page } = await openPage("/test/e2e/pages/download.html", {
    plugins: [plugin],
    headers: { "access-control-allow-origin": "*" }, // frames without an origin load modules too
    errors: EXPECTED,
  });
  await ready(page);
  return page;
}

async function ready(page: Page): Promise<void> {
  await page.waitForFunction(() => "weights" in window);
}

const pages: Page[] = [];

/** A page with nothing in its caches. */
async function openEmpty(): Promise<Page> {
  const page = await open();
  await page.evaluate(() => weights.clearWeights());
  expect(await page.evaluate(() => weights.storedFiles())).toEqual([]);
  pages.push(page);
  return page;
}

afterEach(async () => {
  const page = pages.pop();
  if (!page) return;
  for (const { name, sha256 } of await page.evaluate(() => weights.storedFiles())) {
    if (/^[0-9a-f]{64}$/.test(name)) expect(sha256, "what a name says").toBe(name);
    else expect(name).toMatch(/^(partial-|[0-9a-f]{64}\.json$)/);
  }
});

const RIGHT = { sha256: SHA, read: SHA };

test.each(["opfs", "cache-api", "memory"] as const)("%s keeps a file", async (where) => {
  const page = await openEmpty();
  const fetched = () => page.evaluate((url, cache) => weights.fetched(url, { cache }), OWN, where);
  expect(await fetched()).toMatchObject({ ...RIGHT, where });
  expect(await fetched()).toMatchObject({ ...RIGHT, where, progress: [[FILE.length, true]] });
  expect(own.asked).toHaveLength(1);
  await page.reload();
  await ready(page);
  expect(await fetched()).toMatchObject({ ...RIGHT, where });
  expect(own.asked).toHaveLength(where === "memory" ? 2 : 1);
  const listed = await page.evaluate(() => weights.listWeights());
  expect(listed).toMatchObject([{ sha256: SHA, bytes: FILE.length, where, name: "weights.bin" }]);
  expect(await page.evaluate((url) => weights.deleteWeights(url), OWN)).toBe(1);
  expect(await page.evaluate(() => weights.storedFiles())).toEqual([]);
});

test("a download that a reload interrupts goes on where it was", async () => {
  const page = await openEmpty();
  own.always({ slowMs: 5 });
  await page.evaluate((url) => void weights.fetched(url), OWN);
  await expect.poll(() => own.asked[0]?.sent ?? 0, { timeout: 10_000 }).toBeGreaterThan(6e6);
  await page.reload();
  await ready(page);
  own.always({});
  const fetched = await page.evaluate((url) => weights.fetched(url), OWN);
  expect(fetched).toMatchObject({ ...RIGHT, where: "opfs" });
  const [[kept, resumed]] = fetched.progress;
  // In Firefox the page that goes sees its request end: it keeps what has come, and asks once more.
  expect(own.asked.at(-1)).toMatchObject({ range: `bytes=${kept}-`, ifRange: '"one"' });
  expect(kept).toBeGreaterThanOrEqual(4_194_304);
  expect(resumed).toBe(true);
});

test("a file that changed during the reload is not joined", async () => {
  const page = await openEmpty();
  own.always({ slowMs: 5 });
  await page.evaluate((url) => void weights.fetched(url), OWN);
  await expect.poll(() => own.asked[0]?.sent ?? 0, { timeout: 10_000 }).toBeGreaterThan(6e6);
  await page.reload();
  await ready(page);
  const changed = randomBytes(FILE.length, 5);
  own.always({ content: changed, etag: '"two"' });
  const hash = hashOf(changed);
  const fetched = await page.evaluate((url) => weights.fetched(url), OWN);
  expect(fetched).toMatchObject({ sha256: hash, read: hash });
});

test("two tabs share one download", async () => {
  const [one, two] = [await openEmpty(), await open()];
  own.always({ slowMs: 2 });
  const both = [one, two].map((page) => page.evaluate((url) => weights.fetched(url), OWN));
  expect(await Promise.all(both)).toMatchObject([RIGHT, RIGHT]);
  expect(own.asked).toHaveLength(1);
});

test("a tab that is closed leaves the download to the one that waits", async () => {
  const [one, two] = [await openEmpty(), await open()];
  own.next({ hangAfter: 5e6 });
  await two.evaluate((url) => void weights.fetched(url), OWN);
  const kept = () => one.evaluate(async () => (await weights.listWeights())[0]?.bytes);
  await expect.poll(kept, { timeout: 10_000 }).toBe(4_194_304);
  const waiting = one.evaluate((url) => weights.fetched(url), OWN);
  const waits = () => one.evaluate(async () => (await navigator.locks.query()).pending?.length);
  await expect.poll(waits, { timeout: 10_000 }).toBe(1);
  expect(own.asked).toHaveLength(1);
  await two.close();
  expect(await waiting).toMatchObject(RIGHT);
  expect(own.asked.slice(1)).toMatchObject([{ range: "bytes=4194304-" }]);
});

test("a page that is put away for the way back leaves the download; shown again it has the file", async () => {
  const [one, two] = [await openEmpty(), await open()];
  own.next({ hangAfter: 5e6 });
  await two.evaluate((url) => {
    Object.assign(window, { later: weights.fetched(url) });
  }, OWN);
  const kept = () => one.evaluate(async () => (await weights.listWeights())[0]?.bytes);
  await expect.poll(kept, { timeout: 10_000 }).toBe(4_194_304);
  const waiting = one.evaluate((url) => weights.fetched(url), OWN);
  const waits = () => one.evaluate(async () => (await navigator.locks.query()).pending?.length);
  await expect.poll(waits, { timeout: 10_000 }).toBe(1);
  await two.goto("about:blank");
  expect(await waiting).toMatchObject(RIGHT);
  expect(own.asked.slice(1)).toMatchObject([{ range: "bytes=4194304-" }]);
  await two.goBack();
  await ready(two);
  // the page as it was, from the back/forward cache, or, where that is off, another one
  const again = two.evaluate(
    (url) => (window as { later?: Promise<object> }).later ?? weights.fetched(url),
    OWN,
  );
  expect(await again).toMatchObject(RIGHT);
  expect(own.asked).toHaveLength(2);
}, 30_000);

test("another site's file is resumed without asking its leave for headers", async () => {
  const page = await openEmpty();
  other.next({ cutAfter: 5e6 }, { cutAfter: 2e6 });
  const fetched = await page.evaluate((url) => weights.fetched(url), other.url);
  expect(fetched).toMatchObject({ ...RIGHT, where: "opfs" });
  expect(other.asked.map(({ method }) => method)).toEqual(["GET", "GET", "GET"]);
  expect(other.asked.map(({ range }) => range !== undefined)).toEqual([false, true, true]);
});

test("another site's file that changes between two requests is not joined", async () => {
  const page = await openEmpty();
  const changed = randomBytes(FILE.length, 5);
  other.next({ cutAfter: 5e6 });
  other.always({ content: changed, etag: '"two"', modified: "Mon, 23 Nov 2026 10:00:00 GMT" });
  // the first answer is of the old file
  other.next({
    cutAfter: 5e6,
    content: FILE,
    etag: '"one"',
    modified: "Sun, 22 Nov 2026 10:00:00 GMT",
  });
  const hash = hashOf(changed);
  const fetched = await page.evaluate((url) => weights.fetched(url), other.url);
  expect(fetched).toMatchObject({ sha256: hash, read: hash });
});

// only Chromium can be told what a page may store
test.skipIf(FIREFOX).each([
  ["its length is known", {}],
  ["it is not", { length: null }],
])("what does not fit the quota goes to memory, where %s", async (_, answer) => {
  const page = await openEmpty();
  const session = await page.createCDPSession();
  const { origin } = new URL(page.url());
  await session.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 6e6 });
  own.always(answer);
  const fetched = await page.evaluate((url) => weights.fetched(url), OWN);
  await session.send("Storage.overrideQuotaForOrigin", { origin });
  expect(fetched).toMatchObject({ ...RIGHT, where: "memory" });
  expect(await page.evaluate(() => weights.storedFiles())).toEqual([]);
  expect(own.asked).toHaveLength(1);
});

test("an abort ends the request and keeps what has come", async () => {
  const page = await openEmpty();
  own.always({ slowMs: 5 });
  const message = await page.evaluate(async (url) => {
    const control = new AbortController();
    const onProgress = (done: number) => done > 1e6 && control.abort(new Error("enough"));
    const options = { signal: control.signal, onProgress };
    return weights.fetchWeights(url, options).catch((error) => String(error));
  }, OWN);
  expect(message).toBe("Error: enough");
  await expect.poll(() => own.asked[0].closed).toBe(true);
  expect(own.asked[0].sent).toBeLessThan(5e6);
  const [partial] = await page.evaluate(() => weights.listWeights());
  expect(partial.bytes).toBeGreaterThan(1e6);
  expect(await page.evaluate((url) => weights.fetched(url), OWN)).toMatchObject(RIGHT);
  expect(own.asked[1].range).toBe(`bytes=${partial.bytes}-`);
});

test("a compressed answer, a page instead, a wrong hash, a stalled line", async () => {
  const page = await openEmpty();
  own.next({ gzip: true });
  expect(await page.evaluate((url) => weights.fetched(url), OWN)).toMatchObject(RIGHT);
  const message = (options: object) =>
    page.evaluate(
      (options) => weights.fetched("/served/b.bin", options).catch((error) => String(error)),
      options,
    );
  own.next({ content: "<!doctype html>", type: "text/html" });
  expect(await message({})).toContain("answered with a web page; check the link");
  expect(await message({ sha256: "0".repeat(64) })).toContain(`has sha256 ${SHA}, 0000`);
  own.always({ hangAfter: 0 });
  expect(await message({ stallMs: 100, retries: 1 })).toContain("sent nothing for 0.1 s, 2 times");
});

test("a model is loaded from the cache, and read from it again when the device is lost", async () => {
  const page = await openEmpty();
  const url = `/models/${EMBEDDED_MODEL.file}`;
  let asked = 0;
  page.on("request", (request) => {
    if (request.url().endsWith(url)) asked++;
  });
  const said = await page.evaluate(
    async (url, embedded) => {
      const { loadGpen, openGpu, restore } = weights.library;
      const file = await weights.fetchWeights(url, embedded);
      const gpu = await openGpu();
      const model = await loadGpen(gpu, file);
      const grey = { data: new Uint8ClampedArray(64 * 64 * 4).fill(99), width: 64, height: 64 };
      const { pixels: before } = await restore(model, grey);
      gpu.device.destroy();
      const { pixels: after } = await restore(model, grey);
      model.dispose();
      gpu.dispose();
      return { where: file.where, same: before.data.join() === after.data.join() };
    },
    url,
    EMBEDDED_MODEL,
  );
  expect(said).toEqual({ where: "opfs", same: true });
  expect(asked).toBe(1);
});

test("a frame without storage has memory", async () => {
  const page = await openEmpty();
  const where = await page.evaluate(async (url) => {
    const frame = document.createElement("iframe");
    frame.sandbox.add("allow-scripts");
    const said = new Promise((done) => addEventListener("message", ({ data }) => done(data)));
    frame.srcdoc = `<script type="module">
      import { fetchWeights } from "${location.origin}/src/download/index.ts";
      const said = fetchWeights("${url}").then(({ where, sha256 }) => where + sha256);
      parent.postMessage(await said.catch(String), "*");
    </script>`;
    document.body.append(frame);
    return said;
  }, other.url);
  expect(where).toBe(`memory${SHA}`);
});

test("a worker keeps files too", async () => {
  const page = await openEmpty();
  const said = await page.evaluate(async (url) => {
    const code = `import { fetchWeights } from "${location.origin}/src/download/index.ts";
      const said = fetchWeights("${new URL(url, location.href)}");
      postMessage(await said.then(({ where, sha256 }) => where + sha256, String));`;
    const script = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
    const worker = new Worker(script, { type: "module" });
    return new Promise((done) => {
      worker.onmessage = ({ data }) => done(data);
      worker.onerror = ({ message }) => done(message);
    });
  }, OWN);
  expect(said).toBe(`opfs${SHA}`);
});
