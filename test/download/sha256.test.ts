import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { padding, sha256 } from "../../src/download/sha256";
import { randomBytes } from "./bytes";

const expected = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

function inChunks(bytes: Uint8Array, chunk: number): string {
  const hash = sha256();
  for (let at = 0; at < bytes.length; at += chunk) hash.update(bytes.subarray(at, at + chunk));
  return hash.hex();
}

test("every length up to four blocks has the hash that node:crypto computes", () => {
  for (let length = 0; length <= 260; length++) {
    const bytes = randomBytes(length, length);
    expect(inChunks(bytes, 1000), `${length} bytes`).toBe(expected(bytes));
  }
});

test("chunks of any length give the same hash", () => {
  const bytes = randomBytes(1000, 1);
  for (const chunk of [1, 3, 55, 56, 63, 64, 65, 127, 128, 129, 999]) {
    expect(inChunks(bytes, chunk), `chunks of ${chunk}`).toBe(expected(bytes));
  }
});

test("a file of megabytes, and a view into the middle of memory", () => {
  const bytes = randomBytes(3_000_001, 2).subarray(1);
  expect(inChunks(bytes, 65_537)).toBe(expected(bytes));
});

test.each([
  0,
  55,
  56,
  63,
  64,
  2 ** 29 - 1,
  2 ** 29,
  2 ** 31 + 5,
  2 ** 32,
  2 ** 40 + 77,
  2 ** 53 - 1,
])("the padding of %i bytes ends a block with their number in bits", (total) => {
  const bytes = padding(total);
  expect((total + bytes.length) % 64).toBe(0);
  expect(bytes.length).toBeLessThanOrEqual(72);
  expect([bytes[0], ...bytes.slice(1, -8)].every((byte, i) => byte === (i === 0 ? 0x80 : 0))).toBe(
    true,
  );
  const bits = new DataView(bytes.buffer).getBigUint64(bytes.length - 8);
  expect(bits).toBe(BigInt(total) * 8n);
});

test("the constants lie far enough from a rounding that any engine's powers give the same", () => {
  const primes: number[] = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p > 0)) primes.push(n);
  for (const [count, power] of [
    [64, 3],
    [8, 2],
  ]) {
    for (const prime of primes.slice(0, count)) {
      const rest = ((prime ** (1 / power) % 1) * 2 ** 32) % 1;
      // one ulp of the root is 2^-50 here, 2^-18 after scaling
      expect(Math.min(rest, 1 - rest), `prime ${prime}`).toBeGreaterThan(8 * 2 ** -18);
    }
  }
});
