import { expect, test } from "vitest";
import { decodeF16, encodeF16 } from "../../src/weights/dtype";
import { decodeBf16, decodeFloats } from "../../src/weights/every_dtype";

const ALL = Uint16Array.from({ length: 65536 }, (_, i) => i);

/** A half float by the definition of IEEE 754: written apart from the reader, digit by digit. */
function half(h: number): number {
  const digits = h.toString(2).padStart(16, "0");
  const sign = digits[0] === "1" ? -1 : 1;
  const exponent = Number.parseInt(digits.slice(1, 6), 2);
  const fraction = Number.parseInt(digits.slice(6), 2) / 1024;
  if (exponent === 31) return fraction ? Number.NaN : sign / 0;
  return exponent === 0 ? sign * fraction * 2 ** -14 : sign * (1 + fraction) * 2 ** (exponent - 15);
}

test("every half float decodes to its value, bit for bit", () => {
  const got = decodeF16(ALL);
  // No tolerance: every half float is a float32. Object.is tells -0 from 0 and takes NaN for NaN.
  expect([...ALL].filter((h) => !Object.is(got[h], half(h)))).toEqual([]);
});

test("every bfloat16 decodes to the float32 whose upper half it is", () => {
  const got = new Uint32Array(decodeBf16(ALL).buffer);
  expect([...ALL].filter((b) => got[b] !== b * 65536)).toEqual([]);
});

test("every half float survives decoding and encoding", () => {
  const back = encodeF16(decodeF16(ALL));
  const isNan = (h: number) => (h & 0x7fff) > 0x7c00;
  expect([...ALL].filter((h) => (isNan(h) ? !isNan(back[h]) : back[h] !== h))).toEqual([]);
});

test("encoding rounds to the nearest half float, ties to even, at every step", () => {
  // Between neighbours a and b lie: just below the middle, the middle, just above. 2^-30 of the
  // step is far above float32's own resolution of half a step (2^-13) times the value.
  const finite = ALL.subarray(0, 0x7bff);
  const wrong = [...finite].filter((h) => {
    const [a, b] = [half(h), half(h + 1)];
    const middle = (a + b) / 2;
    const values = Float32Array.of(middle - (b - a) / 1024, middle, middle + (b - a) / 1024);
    const [below, tie, above] = encodeF16(values);
    return below !== h || tie !== (h & 1 ? h + 1 : h) || above !== h + 1;
  });
  expect(wrong).toEqual([]);
  expect([...encodeF16(Float32Array.of(65519.99, 65520, 1e30, -1e30, 2 ** -26))]).toEqual([
    0x7bff, 0x7c00, 0x7c00, 0xfc00, 0,
  ]);
});

test("bytes that start at an odd address decode", () => {
  const bytes = new Uint8Array(13);
  new DataView(bytes.buffer).setFloat64(1, 1.5, true);
  new DataView(bytes.buffer).setFloat32(9, -2.25, true);
  expect([...decodeFloats("F64", bytes.subarray(1, 9))]).toEqual([1.5]);
  expect([...decodeFloats("F32", bytes.subarray(9))]).toEqual([-2.25]);
});
