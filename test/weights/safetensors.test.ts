import { expect, test } from "vitest";
import { bytesSource } from "../../src/weights/byte_source";
import { readSafetensors } from "../../src/weights/safetensors";
import { type Writable, writeSafetensors } from "../../src/weights/write_safetensors";
import { concat, floats, safetensors, utf8 } from "./build";
import { bitsOf, contents, golden, goldenBytes, refuses } from "./files";

const open = (bytes: Uint8Array) => readSafetensors(bytesSource(bytes));
const one = (fields: object) => safetensors({ a: { ...A, ...fields } }, floats(1, 2));
const A = { dtype: "F32", shape: [2], data_offsets: [0, 8] };

const BAD: readonly (readonly [why: string, bytes: Uint8Array, words: string | RegExp])[] = [
  ["7 bytes", new Uint8Array(7), "the header length at bytes 0 to 8 lies outside the file of 7"],
  ["a header longer than the file", safetensors({}, floats(1), 1000), "length at byte 0 is 1000"],
  ["a header of 2^63 bytes", safetensors({}, floats(1), 2n ** 63n), "is 9223372036854775808"],
  ["a header that is not JSON", safetensors("{,}", floats()), "bytes 8 to 11 is not JSON"],
  ["a header that is an array", safetensors([1], floats()), "must be a JSON object"],
  [
    "a header that is not UTF-8",
    concat([2, 0, 0, 0, 0, 0, 0, 0], [0x7b, 0xff]),
    "is not JSON in UTF-8",
  ],
  ["a header of brackets", safetensors("[".repeat(99999), floats()), "nests deeper than 3"],
  ["a string without end", safetensors(`{"${'\\"'.repeat(99999)}`, floats()), "is not JSON"],
  [
    "a name given twice",
    safetensors('{"a":{},"a" :{}}', floats()),
    'names "a" twice, again at character 8',
  ],
  [
    "a name given twice, once escaped",
    safetensors('{"a":{},"\\u0061":{}}', floats()),
    'names "a" twice',
  ],
  [
    "a field given twice",
    safetensors('{"a":{"dtype":"F32","dtype":"F16"}}', floats()),
    '"dtype" twice',
  ],
  ["a tensor that is a number", safetensors({ a: 1 }, floats()), '"a" must be a JSON object'],
  ["an unknown type", one({ dtype: "F8_E4M3" }), '"a" has dtype "F8_E4M3"; known are F64, F32'],
  ["no type", safetensors({ a: {} }, floats()), '"a" has dtype undefined'],
  ["a type from the prototype", one({ dtype: "toString" }), "known are"],
  ["a shape of text", one({ shape: ["2"] }), "must have a shape and two data_offsets"],
  ["three offsets", one({ data_offsets: [0, 4, 8] }), "two data_offsets"],
  ["a negative size", one({ shape: [-2] }), "shape (-2); every size must be a whole number"],
  ["9 dimensions", one({ shape: [1, 1, 1, 1, 1, 1, 1, 1, 2] }), '"a" has 9 dimensions; at most 8'],
  ["half a size", one({ shape: [0.5, 4] }), "every size must be a whole number"],
  ["a size beyond 2^53", one({ shape: [2 ** 60] }), "every size must be a whole number"],
  ["2^29 elements", one({ shape: [2 ** 15, 2 ** 14] }), "at most 2^28 elements"],
  ["a product beyond 2^53 beside a zero", one({ shape: [2 ** 50, 2 ** 50, 0] }), "at most 2^28"],
  [
    "a shape that needs more bytes",
    one({ shape: [3] }),
    "(3) of F32 takes 12 bytes, but its data_offsets 0 to 8 hold 8",
  ],
  ["a shape that needs fewer bytes", one({ shape: [1] }), "(1) of F32 takes 4 bytes, but"],
  ["offsets in reverse", one({ data_offsets: [8, 0] }), "data_offsets 8 to 0; they must be"],
  [
    "offsets beyond 2^53",
    one({ data_offsets: [2 ** 60, 2 ** 60 + 8] }),
    "they must be whole numbers",
  ],
  [
    "offsets outside the file",
    one({ data_offsets: [8, 16] }),
    /"a" ends at byte \d+, but the file has \d+ bytes/,
  ],
  [
    "overlapping tensors",
    safetensors({ a: A, b: { ...A, data_offsets: [4, 12] } }, floats(1, 2, 3)),
    /"b" begins at byte \d+, inside the tensor before it/,
  ],
  [
    "a gap between tensors",
    safetensors({ a: A, b: { ...A, data_offsets: [12, 20] } }, floats(1, 2, 3, 4, 5)),
    "with a gap after the tensor",
  ],
  [
    "bytes that belong to nothing",
    safetensors({ a: A }, floats(1, 2, 3)),
    "the tensors end at byte",
  ],
  [
    "metadata of numbers",
    safetensors({ __metadata__: { a: 1 } }, floats()),
    '__metadata__ must map names to strings; "a" does not',
  ],
  ["metadata that is a list", safetensors({ __metadata__: [] }, floats()), "__metadata__ must map"],
];

for (const [why, bytes, words] of BAD) {
  test(`refuses ${why}`, () => refuses(() => open(bytes), words));
}

test("refuses NaN and infinity when they are read, naming tensor and index", async () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    const { tensors } = await open(safetensors({ a: A }, floats(1, value)));
    await refuses(() => tensors.get("a")?.read(), `"a" holds ${value} at index 1`);
  }
  const f64 = { dtype: "F64", shape: [1], data_offsets: [0, 8] };
  const large = await open(safetensors({ a: f64 }, new Uint8Array(Float64Array.of(1e39).buffer)));
  await refuses(() => large.tensors.get("a")?.read(), '"a" holds Infinity at index 0');
});

test("opens integer tensors, and refuses to read them", async () => {
  const { tensors } = await open(one({ dtype: "I32" }));
  await refuses(() => tensors.get("a")?.read(), '"a" is stored as I32');
});

test("a file that is cut short anywhere is refused", async () => {
  const whole = goldenBytes("odd/expected.safetensors");
  for (let i = 0; i < 16; i++) {
    await refuses(() => open(whole.subarray(0, (whole.length * i) / 16)), "safetensors: ");
  }
});

test("opening reads the header alone, and a tensor its own bytes", async () => {
  const whole = golden("bfr64/weights.safetensors");
  let bytes = 0;
  const read = (offset: number, length: number) => {
    bytes += length;
    return whole.read(offset, length);
  };
  const { tensors } = await readSafetensors({ size: whole.size, read });
  expect(bytes).toBeLessThan(16_000); // 96 names; the file has 436,152 bytes
  const before = bytes;
  await tensors.get("generator.style.1.bias")?.read();
  expect(bytes - before).toBe(64 * 4);
});

test("names that JavaScript objects treat specially are names like any other", async () => {
  const text = '{"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}';
  const { tensors } = await open(safetensors(text, floats(3)));
  expect([...((await tensors.get("__proto__")?.read()) ?? [])]).toEqual([3]);
});

async function written(tensors: Iterable<readonly [string, Writable]>, dtype: "F32" | "F16") {
  const parts: Uint8Array[] = [];
  for await (const part of writeSafetensors(new Map(tensors), new Map([["k", "é"]]), dtype)) {
    parts.push(part);
  }
  return concat(...parts);
}

function writable(shape: readonly number[], ...values: number[]): Writable {
  return { shape, folded: 1, read: async () => Float32Array.from(values) };
}

test("what is written as F32 reads back bit for bit, with its metadata", async () => {
  const source = await readSafetensors(golden("odd/expected.safetensors"));
  const bytes = await written(source.tensors, "F32");
  expect(new DataView(bytes.buffer).getUint32(0, true) % 8).toBe(0);
  const back = await open(bytes);
  expect(await contents(back)).toEqual(await contents(source));
  expect([...back.metadata]).toEqual([["k", "é"]]);
});

test("F16 rounds to nearest even", async () => {
  const a = writable([3], 1 + 2 ** -11, 1 + 3 * 2 ** -11, -65519);
  const { tensors } = await open(await written([["a", a]], "F16"));
  const values = (await tensors.get("a")?.read()) ?? new Float32Array();
  expect(tensors.get("a")?.dtype).toBe("F16");
  expect(bitsOf(values)).toEqual(bitsOf(Float32Array.of(1, 1 + 2 ** -9, -65504)));
});

test("folded factors are divided out, rounded once", async () => {
  const a = { ...writable([2], 0.3, -5), folded: 0.01 };
  const { tensors } = await open(await written([["a", a]], "F32"));
  const values = (await tensors.get("a")?.read()) ?? new Float32Array();
  expect(bitsOf(values)).toEqual(bitsOf(Float32Array.of(Math.fround(0.3) / 0.01, -500)));
});

test("the writer refuses what the file could not hold", async () => {
  const write = (tensor: Writable, name = "a") => written([[name, tensor]], "F16");
  await refuses(
    () => write(writable([2], 1, 65520)),
    '"a" holds 65520 at index 1, too large for f16',
  );
  await refuses(() => write(writable([1], Number.NaN)), '"a" holds NaN at index 0');
  await refuses(() => write(writable([3], 1, 2)), '"a" delivered 2 values, its shape holds 3');
  await refuses(() => write(writable([1], 1), "__metadata__"), 'cannot be called "__metadata__"');
});

test("text longer than its letters is measured in bytes", async () => {
  const bytes = await written([["größe", writable([1], 4)]], "F32");
  expect((await open(bytes)).tensors.has("größe")).toBe(true);
  expect(utf8("größe")).toHaveLength(7);
});

test("names in errors are shown on one line, and cut where they are long", async () => {
  const bad = (name: string) => open(safetensors({ [name]: 1 }, floats()));
  await refuses(() => bad("a\nb\u2028"), '"a?b?" must be a JSON object');
  await refuses(() => bad("x".repeat(200)), `"${"x".repeat(100)}..." must be`);
});
