import type { WeightsCache } from "./cache";
import { inLock } from "./in_lock";

/** A part of a file, kept under its own sha256. */
export interface Piece {
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * What is known of a file, kept as JSON beside its pieces: `SHA256.json` for a whole file of that
 * hash, `partial-KEY.json` for a download that has not ended.
 */
export interface Manifest {
  readonly name: string;
  readonly urls: readonly string[];
  /** Milliseconds since 1970. */
  readonly saved: number;
  readonly pieces: readonly Piece[];
  /** Of a partial file: its length and version as the server named them. */
  readonly of?: number;
  readonly etag?: string;
  readonly modified?: string;
}

export const lengthOf = ({ pieces }: Manifest) => pieces.reduce((sum, { bytes }) => sum + bytes, 0);

export const partialFile = (key: string) => `partial-${key}.json`;

/** The hash that a manifest's file names; undefined for a partial one. */
export function hashIn(file: string): string | undefined {
  return /^([0-9a-f]{64})\.json$/.exec(file)?.[1];
}

/** Undefined if there is none, or none that can be read. */
export async function readManifest(
  cache: WeightsCache,
  file: string,
): Promise<Manifest | undefined> {
  try {
    const manifest: Manifest = JSON.parse((await (await cache.read(file))?.text()) ?? "");
    const sound =
      manifest.urls.every((url) => typeof url === "string") &&
      manifest.pieces.every(({ sha256, bytes }) => /^[0-9a-f]{64}$/.test(sha256) && bytes > 0);
    return sound ? manifest : undefined;
  } catch {
    return undefined;
  }
}

export async function writeManifest(
  cache: WeightsCache,
  file: string,
  manifest: Manifest,
): Promise<void> {
  await cache.write(file, new TextEncoder().encode(JSON.stringify(manifest)));
}

/** Every file in a cache that can be read as a manifest. */
export async function manifests(
  cache: WeightsCache,
): Promise<readonly { file: string; manifest: Manifest }[]> {
  const files = (await cache.names()).filter((name) => name.endsWith(".json"));
  const read = files.map(async (file) => ({ file, manifest: await readManifest(cache, file) }));
  return (await Promise.all(read)).flatMap(({ file, manifest }) =>
    manifest ? [{ file, manifest }] : [],
  );
}

/** Whether all pieces are there, in their lengths. */
export async function isThere(cache: WeightsCache, { pieces }: Manifest): Promise<boolean> {
  const checks = pieces.map(async ({ sha256, bytes }) => (await cache.size(sha256)) === bytes);
  return (await Promise.all(checks)).every(Boolean);
}

/** Changes a cache that other pages may change too: pieces and manifests stay consistent. */
export function change<T>(cache: WeightsCache, work: () => Promise<T>): Promise<T> {
  return inLock(cache, "change", work);
}

/**
 * Deletes files, and all pieces that no manifest names then, as pages that were closed in the middle
 * leave them.
 */
export async function remove(cache: WeightsCache, files: readonly string[]): Promise<void> {
  await change(cache, async () => {
    for (const file of files) await cache.delete(file);
    const kept = await manifests(cache);
    const used = new Set(
      kept.flatMap(({ file, manifest }) => [file, ...manifest.pieces.map((each) => each.sha256)]),
    );
    for (const name of await cache.names()) if (!used.has(name)) await cache.delete(name);
  });
}
