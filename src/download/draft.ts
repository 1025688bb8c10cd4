import { WeightsError } from "../errors";
import { MEMORY, type WeightsCache } from "./cache";
import { Interrupted } from "./interrupted";
import {
  change,
  isThere,
  lengthOf,
  type Manifest,
  type Piece,
  partialFile,
  readManifest,
  remove,
  writeManifest,
} from "./manifest";
import { hashSource, piecesSource } from "./pieces";
import { sha256 } from "./sha256";
import { isLeft } from "./while_shown";

/** What a page that is closed loses at most; GPEN-512 is 68 of them. */
const PIECE = 4 << 20; // bytes

/** What link checkers forget: a site's page for everything, an error in XML, a git-lfs pointer. */
const TEXT = /^\s*<(!doctype|html|\?xml)|^version https:\/\/git-lfs/i;

/** The server's word on the file that arrives. */
export type Version = Pick<Manifest, "of" | "etag" | "modified">;

/** A whole file in a cache. */
export interface Kept {
  readonly cache: WeightsCache;
  readonly sha256: string;
  readonly manifest: Manifest;
}

/**
 * A file that arrives. It is kept piece by piece, so that it can go on after a cut or on another
 * visit, and moves to memory where the cache fails.
 */
export class Draft {
  /** Whether some of it came with another answer or visit. */
  resumed = false;
  #cache: WeightsCache;
  readonly #file: string;
  #manifest: Manifest;
  #hash = sha256();
  readonly #buffer = new Uint8Array(PIECE);
  #filled = 0;

  constructor(cache: WeightsCache, key: string, name: string, url?: string) {
    this.#cache = cache;
    this.#file = partialFile(key);
    this.#manifest = { name, urls: url ? [url] : [], saved: 0, pieces: [] };
  }

  /** Takes up what an earlier visit has left, as far as it is there. */
  async resume(signal?: AbortSignal): Promise<void> {
    const left = await readManifest(this.#cache, this.#file);
    if (!left) return;
    const pieces: Piece[] = [];
    for (const piece of left.pieces) {
      if (!(await isThere(this.#cache, { ...left, pieces: [piece] }))) break;
      pieces.push(piece);
    }
    const hash = sha256();
    const whole = await hashSource(piecesSource(this.#cache, pieces), signal, hash).catch(() => {});
    signal?.throwIfAborted();
    if (!whole) return;
    this.#hash = hash;
    this.#manifest = { ...left, pieces };
    this.resumed = pieces.length > 0;
  }

  /** Bytes so far. */
  get size(): number {
    return lengthOf(this.#manifest) + this.#filled;
  }

  get version(): Version {
    return this.#manifest;
  }

  /** Whether the bytes so far came from this link. */
  isFrom(url: string): boolean {
    return this.#manifest.urls.includes(url);
  }

  /** Forgets all bytes. The version is that of the file that will arrive, from this link. */
  restart({ of, etag, modified }: Version = {}, url?: string): void {
    const urls = url ? [url] : this.#manifest.urls;
    this.#manifest = { ...this.#manifest, urls, pieces: [], of, etag, modified };
    this.#hash = sha256();
    this.#filled = 0;
    this.resumed = false;
  }

  /** The file will be so long, as far as is known now. */
  expect(of: number | undefined): void {
    this.#manifest = { ...this.#manifest, of };
  }

  /** Forgets all bytes here and in the cache. */
  async discard(): Promise<void> {
    this.restart();
    await remove(this.#cache, [this.#file]).catch(() => {});
  }

  /** Moves to memory if the rest does not fit the cache. */
  async fit(): Promise<void> {
    const { of = 0 } = this.#manifest;
    const room = await this.#cache.room?.();
    if (room !== undefined && of - lengthOf(this.#manifest) > room) await this.#toMemory();
  }

  async append(chunk: Uint8Array): Promise<void> {
    this.#hash.update(chunk);
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + PIECE - this.#filled);
      this.#buffer.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === PIECE) await this.flush();
    }
  }

  /** Writes what has arrived to the cache. Throws WeightsError if that is text. */
  async flush(): Promise<void> {
    if (this.#filled === 0) return;
    const bytes = this.#buffer.subarray(0, this.#filled);
    const { pieces, urls, name } = this.#manifest;
    if (pieces.length === 0 && TEXT.test(String.fromCharCode(...bytes.subarray(0, 99)))) {
      throw new WeightsError(
        `weights: ${urls[0] ?? name} is text, not weights; check where it is from`,
      );
    }
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
    const piece = { sha256: hex, bytes: bytes.length };
    const manifest = { ...this.#manifest, saved: Date.now(), pieces: [...pieces, piece] };
    await this.#inCache(async (cache) => {
      await cache.write(hex, bytes);
      await writeManifest(cache, this.#file, manifest);
    });
    this.#manifest = manifest;
    this.#filled = 0;
  }

  /** The hash of the whole file, all of which has arrived. Call it once. */
  async hash(): Promise<string> {
    await this.flush();
    return this.#hash.hex();
  }

  /** Gives the file the name of its hash. Throws Interrupted if another page has deleted pieces. */
  async keep(hash: string): Promise<Kept> {
    const file = `${hash}.json`;
    const { name, urls, saved, pieces } = this.#manifest;
    const manifest = await this.#inCache(async (cache) => {
      if (!(await isThere(cache, this.#manifest))) return undefined;
      const known = (await readManifest(cache, file))?.urls ?? [];
      const whole = { name, urls: [...new Set([...urls, ...known])], saved, pieces };
      await writeManifest(cache, file, whole);
      return whole;
    });
    if (!manifest) {
      this.restart();
      this.#cache = MEMORY; // the other one may lose it again
      throw new Interrupted("was deleted from the cache while it arrived");
    }
    await remove(this.#cache, [this.#file]).catch(() => {});
    return { cache: this.#cache, sha256: hash, manifest };
  }

  /** Does work on the cache, or on memory if it fails there. */
  async #inCache<T>(work: (cache: WeightsCache) => Promise<T>): Promise<T> {
    try {
      return await change(this.#cache, () => work(this.#cache));
    } catch (error) {
      // Writes of a page that ends fail in Firefox 153; the next one goes on with what is there.
      if (this.#cache === MEMORY || isLeft()) throw error;
      await this.#toMemory();
      return change(MEMORY, () => work(MEMORY));
    }
  }

  /** Gives back the room in the cache: the page that embeds this may need it. */
  async #toMemory(): Promise<void> {
    const from = this.#cache;
    this.#cache = MEMORY;
    try {
      // As one change: pieces without a manifest are swept away by others.
      await change(MEMORY, async () => {
        for (const { sha256: name } of this.#manifest.pieces) {
          const bytes = await (await from.read(name))!.arrayBuffer();
          await MEMORY.write(name, new Uint8Array(bytes));
        }
        await writeManifest(MEMORY, this.#file, this.#manifest);
      });
    } catch {
      this.restart();
      throw new Interrupted("was deleted from the cache while it arrived");
    } finally {
      await remove(from, [this.#file]).catch(() => {});
    }
  }
}
