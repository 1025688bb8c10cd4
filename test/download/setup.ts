import { afterEach, beforeEach, expect } from "vitest";
import { memoryCache, type WeightsCache } from "../../src/download/cache";
import { type FetchWeightsOptions, fetchWeights } from "../../src/download/fetch_weights";
import type { Weights } from "../../src/download/open_weights";
import { WeightsError } from "../../src/errors";
import type { ByteSource } from "../../src/weights/byte_source";
import { hashOf, randomBytes } from "./bytes";
import { startServer, type TestServer } from "./server";
import { expectSound } from "./sound";

export const FILE = randomBytes(9_500_000, 3); // two whole pieces and a rest
export const SHA = hashOf(FILE);

/** A server of FILE and an empty cache for each test. */
export let server: TestServer;
export let cache: WeightsCache;

export function useServer(): void {
  beforeEach(async () => {
    server = await startServer(FILE);
    cache = memoryCache("test");
  });
  afterEach(async () => {
    await expectSound(cache);
    await server.close();
  });
}

/** Fetches the file with the patience of a test. */
export function get(options: FetchWeightsOptions = {}): Promise<Weights> {
  return fetchWeights(server.url, { cache, retryMs: 1, stallMs: 2000, ...options });
}

export async function bytesOf(source: ByteSource): Promise<Uint8Array> {
  return (await source.read(0, source.size)).slice();
}

export async function errorOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
}

/** The sentence that a fetch is refused with. */
export async function refusal(options: FetchWeightsOptions = {}): Promise<string> {
  const error = await errorOf(get(options));
  expect(error).toBeInstanceOf(WeightsError);
  const { message } = error as WeightsError;
  expect(message).toContain(server.url);
  expect(message.split("; ").length, `"${message}" says what and what to do`).toBe(2);
  return message;
}
