import { expect } from "vitest";
import type { WeightsCache } from "../../src/download/cache";
import { hashOf } from "./bytes";

/**
 * What must hold of a cache at any time: a file that is named by a hash has it, and what a manifest
 * named by a hash joins has it too.
 */
export async function expectSound(cache: WeightsCache): Promise<void> {
  const bytesOf = async (name: string) =>
    new Uint8Array(await (await cache.read(name))!.arrayBuffer());
  for (const name of await cache.names()) {
    if (/^[0-9a-f]{64}$/.test(name)) expect(hashOf(await bytesOf(name)), "a piece").toBe(name);
    else if (/^[0-9a-f]{64}\.json$/.test(name)) {
      const { pieces } = JSON.parse(new TextDecoder().decode(await bytesOf(name)));
      const parts = await Promise.all(
        pieces.map((each: { sha256: string }) => bytesOf(each.sha256)),
      );
      expect(`${hashOf(Buffer.concat(parts))}.json`, "a file").toBe(name);
    } else expect(name).toMatch(/^partial-/);
  }
}
