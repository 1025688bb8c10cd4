import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { type ByteSource, bytesSource } from "../../src/weights/byte_source";
import type { Checkpoint } from "../../src/weights/checkpoint";

const GOLDEN = new URL("../golden/", import.meta.url);

export function goldenBytes(path: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(path, GOLDEN)));
}

export function golden(path: string): ByteSource {
  return bytesSource(goldenBytes(path));
}

/** The bits of float32 values: equal bits are equal numbers, and a NaN is not equal to a number. */
export function bitsOf(values: Float32Array): number[] {
  return [...new Uint32Array(values.slice().buffer)];
}

/** All tensors of a checkpoint, their names after a prefix, as shapes and bits. */
export async function contents(checkpoint: Checkpoint, prefix = "") {
  const found: Record<string, { shape: readonly number[]; bits: number[] }> = {};
  for (const [name, tensor] of checkpoint.tensors) {
    if (!name.startsWith(prefix)) continue;
    const bits = bitsOf(await tensor.read());
    found[name.slice(prefix.length)] = { shape: tensor.shape, bits };
  }
  expect(Object.keys(found).length).toBeGreaterThan(0); // two empty lists would be equal
  return found;
}

/** Asserts a WeightsError whose one line contains the words. */
export async function refuses(action: () => unknown, words: string | RegExp): Promise<void> {
  const error = await Promise.resolve()
    .then(action)
    .then(
      () => null,
      (caught) => caught,
    );
  expect(error, "nothing was refused").not.toBeNull();
  expect(error.name, String(error)).toBe("WeightsError");
  expect(error.message).not.toContain("\n");
  if (typeof words === "string") expect(error.message).toContain(words);
  else expect(error.message).toMatch(words);
}
