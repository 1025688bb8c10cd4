import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { MEMORY } from "../../src/download/cache";
import { cacheWeights } from "../../src/download/cache_weights";
import { fetchWeights } from "../../src/download/fetch_weights";
import { clearWeights, deleteWeights, listWeights } from "../../src/download/list_weights";
import { openCaches } from "../../src/download/open_cache";
import { openWeights } from "../../src/download/open_weights";
import { cacheQuota } from "../../src/download/quota";
import { hashOf, randomBytes } from "./bytes";
import { type FakeStores, fakeStores } from "./fakes";
import { bytesOf, errorOf, FILE, SHA, server, useServer } from "./setup";
import { expectSound } from "./sound";

useServer();

beforeEach(() => clearWeights());

afterEach(async () => {
  for (const cache of await openCaches()) await expectSound(cache);
  await clearWeights();
  vi.unstubAllGlobals();
});

const get = (options = {}) => fetchWeights(server.url, { retryMs: 1, ...options });
const SMALL = randomBytes(5000, 8);

const KINDS = [
  ["opfs", {}],
  ["cache-api", { opfs: true }],
  ["memory", { opfs: true, api: true }],
] as const;

describe.each(KINDS)("%s", (where, without) => {
  beforeEach(() => {
    fakeStores(without);
  });

  test("keeps a file, says so, serves it again without the network, deletes it", async () => {
    const weights = await get();
    expect(weights.where).toBe(where);
    const [entry, ...more] = await listWeights();
    expect(more).toEqual([]);
    const { saved, ...rest } = entry;
    const named = { name: "weights.bin", urls: [server.url] };
    expect(rest).toEqual({ ...named, bytes: FILE.length, sha256: SHA, where });
    expect(Math.abs(Date.now() - +saved)).toBeLessThan(60_000);
    expect(hashOf(await bytesOf(await get()))).toBe(SHA);
    expect(server.asked).toHaveLength(1);
    expect(await deleteWeights(server.url)).toBe(1);
    expect(await listWeights()).toEqual([]);
    await get();
    expect(server.asked).toHaveLength(2);
  });

  test("reading after the file was deleted is an error in one sentence", async () => {
    const weights = await get();
    await weights.read(0, 10);
    await deleteWeights(SHA);
    const error = await errorOf(weights.read(5_000_000, 10));
    expect(String(error)).toBe(
      "WeightsError: weights: the cached file was deleted while it was in use; fetch it again",
    );
  });

  test("so is reading what is shorter than it was", async () => {
    const weights = await cacheWeights(new Blob([SMALL]), "mine");
    const [cache] = await openCaches();
    await cache.write(weights.sha256, SMALL.slice(1)); // of one piece, which has the same hash
    const error = await errorOf(weights.read(0, 10));
    expect(String(error)).toContain("the cached file was deleted while it was in use");
    await deleteWeights("mine");
  });

  test("a user's own file is found by name and hash; what is deleted leaves what others share", async () => {
    const blob = new Blob([SMALL]);
    const kept = await cacheWeights(blob, "mine.safetensors");
    expect(kept).toMatchObject({ sha256: hashOf(SMALL), where, name: "mine.safetensors" });
    const same = await cacheWeights(new Blob([SMALL]), "again.safetensors");
    expect(same.sha256).toBe(kept.sha256);
    expect(hashOf(await bytesOf((await openWeights("again.safetensors"))!))).toBe(hashOf(SMALL));
    expect(await openWeights("nothing")).toBeUndefined();
    expect(await deleteWeights("nothing")).toBe(0);
    expect(await deleteWeights(kept.sha256)).toBe(1);
    expect(await (await openCaches())[0].names()).toEqual([]);
  });

  test("what is damaged counts as absent: at once by its length, on request by its bytes", async () => {
    await get();
    const [cache] = await openCaches();
    const [piece] = (await cache.names()).filter((name) => /^[0-9a-f]{64}$/.test(name));
    const bytes = new Uint8Array(await (await cache.read(piece))!.arrayBuffer());
    bytes[9] ^= 1;
    await cache.write(piece, bytes);
    await get();
    expect(server.asked).toHaveLength(1);
    expect(hashOf(await bytesOf(await get({ verify: true })))).toBe(SHA);
    expect(server.asked).toHaveLength(2);
    await cache.write(piece, bytes.slice(1));
    expect(await openWeights(SHA)).toBeUndefined();
    await get();
    expect(server.asked).toHaveLength(3);
  });

  test("a manifest that is nonsense is passed over, and swept away", async () => {
    const [cache] = await openCaches();
    for (const text of ["", "{", "[]", '{"urls":[],"pieces":[{"sha256":"..","bytes":1}]}']) {
      await cache.write(`${"a".repeat(64)}.json`, new TextEncoder().encode(text));
      expect(await listWeights(), text).toEqual([]);
      expect(await openWeights("a".repeat(64)), text).toBeUndefined();
    }
    await cache.write("partial-left-behind", SMALL);
    await get();
    expect(await cache.names()).toHaveLength(4);
  });
});

describe("when room is short", () => {
  let stores: FakeStores;
  beforeEach(() => {
    stores = fakeStores();
  });

  test("what does not fit is kept in memory, and the store is left as it was", async () => {
    stores.quota = 5e6;
    const weights = await get();
    expect(weights.where).toBe("memory");
    expect(hashOf(await bytesOf(weights))).toBe(SHA);
    expect(stores.opfs.size).toBe(0);
    await get();
    expect(server.asked).toHaveLength(1);
  });

  test("where the platform says that there is no room it is not tried", async () => {
    stores.estimated = 5e6;
    expect((await get()).where).toBe("memory");
    expect(stores.opfs.size).toBe(0);
  });

  test("also where the estimate was wrong, with what had been written", async () => {
    stores.quota = 5e6;
    stores.estimated = 1e9;
    server.next({ cutAfter: 6e6 });
    const weights = await get();
    expect(weights.where).toBe("memory");
    expect(hashOf(await bytesOf(weights))).toBe(SHA);
    expect(stores.opfs.size).toBe(0);
    expect(server.asked).toHaveLength(2);
  });

  test("also where the length is not known", async () => {
    stores.quota = 5e6;
    server.always({ length: null });
    expect((await get()).where).toBe("memory");
  });

  test("and where the store loses what is written, always", async () => {
    const onProgress = (done: number) => done > 5e6 && stores.opfs.clear();
    const weights = await get({ onProgress });
    expect(weights.where).toBe("memory");
    expect(hashOf(await bytesOf(weights))).toBe(SHA);
    expect(server.asked).toHaveLength(2);
  });

  test("a user's own file goes to memory too", async () => {
    stores.quota = 100;
    expect((await cacheWeights(new Blob([SMALL]), "mine")).where).toBe("memory");
  });
});

test("of two files from one link the newer one is served, and listed first", async () => {
  fakeStores();
  const older = randomBytes(5000, 1);
  const newer = randomBytes(5000, 2);
  server.next({ content: older });
  await get();
  await new Promise((done) => setTimeout(done, 5));
  server.next({ content: newer });
  await get({ sha256: hashOf(newer) });
  expect((await get()).sha256).toBe(hashOf(newer));
  const hashes = (await listWeights()).map(({ sha256 }) => sha256);
  expect(hashes).toEqual([hashOf(newer), hashOf(older)]);
});

test("a choice is kept to, and memory is what it falls back to", async () => {
  const stores = fakeStores();
  expect((await get({ cache: "cache-api" })).where).toBe("cache-api");
  expect(stores.opfs.size).toBe(0);
  await clearWeights();
  expect(stores.api.size).toBe(0);
  expect((await get({ cache: "memory" })).where).toBe("memory");
  expect(stores.api.size).toBe(0);
  await clearWeights();
  expect(await MEMORY.names()).toEqual([]);
  vi.unstubAllGlobals();
  expect((await get({ cache: "opfs" })).where).toBe("memory");
});

test("a store that fails at everything does not keep weights from arriving", async () => {
  const fail = async () => {
    throw new Error("broken");
  };
  const broken = { name: "broken", read: fail, size: fail, write: fail, delete: fail, names: fail };
  const weights = await get({ cache: broken });
  expect(weights).toMatchObject({ where: "memory", sha256: SHA });
});

test("quota is what the platform says, and undefined where it says nothing", async () => {
  expect(await cacheQuota()).toBeUndefined();
  fakeStores();
  await get();
  const { used, quota } = (await cacheQuota())!;
  expect(quota).toBe(1e9);
  expect(used).toBeGreaterThan(FILE.length);
});
