import { expect, test } from "vitest";
import { bytesSource } from "../../src/weights/byte_source";
import { readPlainSafetensors } from "../../src/weights/plain_safetensors";
import { readSafetensors } from "../../src/weights/safetensors";
import { concat, floats, safetensors } from "./build";
import { contents, golden, goldenBytes } from "./files";

const A = { dtype: "F32", shape: [2], data_offsets: [0, 8] };
const B = { dtype: "F16", shape: [2, 2], data_offsets: [8, 16] };
const FOUR = floats(1, 2, 3, 4);
const HEADER = JSON.stringify({ __metadata__: { "gpen.noise": "add" }, a: A, b: B });

const plain = (bytes: Uint8Array) => readPlainSafetensors(bytesSource(bytes));

test("what writers leave is read as the careful reader reads it", async () => {
  for (const file of ["bfr64/weights.safetensors", "bfr32/golden.safetensors"]) {
    const found = await plain(goldenBytes(file));
    const careful = await readSafetensors(golden(file));
    expect(await contents(found!)).toEqual(await contents(careful));
    expect(found!.metadata).toEqual(careful.metadata);
  }
  const padded = await plain(safetensors(`${HEADER}   `, FOUR)); // up to a multiple of 8
  expect([...padded!.metadata]).toEqual([["gpen.noise", "add"]]);
  expect(padded!.tensors.get("b")).toMatchObject({ shape: [2, 2], dtype: "F16", folded: 1 });
});

/** Unusual, or damaged: all of it is left to the careful reader. */
const LEFT: readonly (readonly [why: string, bytes: Uint8Array])[] = [
  ["nothing", new Uint8Array()],
  ["7 bytes", new Uint8Array(7)],
  [
    "a header of 2^32 bytes and some",
    Uint8Array.from(safetensors(HEADER, FOUR), (b, i) => (i === 4 ? 1 : b)),
  ],
  ["a header beyond the file", safetensors(HEADER, FOUR, 1000)],
  ["spaces in the header", safetensors(HEADER.replace(",", ", "), FOUR)],
  ["a name given twice", safetensors(`{"a":${JSON.stringify(A)},${HEADER.slice(1)}`, FOUR)],
  ["a name given twice, escaped", safetensors(HEADER.replace('"b"', '"\\u0061"'), FOUR)],
  ["names that are numbers, which parsing moves", safetensors('{"b":{},"1":{}}', floats())],
  ["not UTF-8", concat([2, 0, 0, 0, 0, 0, 0, 0], [0x7b, 0xff])],
  ["a mark of byte order", safetensors(`\ufeff${HEADER}`, FOUR)],
  ["an array", safetensors([A], floats(1, 2))],
  ["metadata of numbers", safetensors({ __metadata__: { a: 1 }, a: A }, floats(1, 2))],
  ["metadata in an array", safetensors({ __metadata__: ["a"], a: A }, floats(1, 2))],
  ["whole numbers", safetensors({ a: { ...A, dtype: "I32" } }, floats(1, 2))],
  ["a type of the prototype", safetensors({ a: { ...A, dtype: "toString" } }, floats(1, 2))],
  ["a shape of text", safetensors({ a: { ...A, shape: ["2"] } }, floats(1, 2))],
  ["negative sizes", safetensors({ a: { ...A, shape: [-1, -2] } }, floats(1, 2))],
  ["nothing in a tensor", safetensors({ a: { ...A, shape: [0], data_offsets: [0, 0] } }, floats())],
  ["three offsets", safetensors({ a: { ...A, data_offsets: [0, 8, 8] } }, floats(1, 2))],
  ["another order", safetensors({ b: B, a: A }, FOUR)],
  ["a hole", safetensors({ a: A, b: { ...B, data_offsets: [12, 20] } }, FOUR)],
  ["bytes behind the last tensor", safetensors(HEADER, floats(1, 2, 3, 4, 5))],
  ["bytes missing", safetensors(HEADER, floats(1, 2, 3))],
];

test.each(LEFT)("left to the careful reader: %s", async (_why, bytes) => {
  expect(await plain(bytes)).toBeUndefined();
});
