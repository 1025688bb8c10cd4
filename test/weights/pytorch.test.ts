import { expect, test } from "vitest";
import { bytesSource } from "../../src/weights/byte_source";
import { crc32 } from "../../src/weights/crc32";
import { readPytorch } from "../../src/weights/pytorch";
import { openZip } from "../../src/weights/zip";
import * as b from "./build";
import { golden, goldenBytes, refuses } from "./files";

const { op } = b;
const open = (bytes: Uint8Array) => readPytorch(bytesSource(bytes));
const good = b.pickle(b.dictOf({ a: b.tensor() }));
const root = (...code: (readonly number[])[]) => b.pth(b.pickle(...code));
const view = (fields: b.View) => root(b.dictOf({ a: b.tensor(fields) }));

test("the file that all the bad ones below are made from is good", async () => {
  for (const bytes of [b.pth(good), b.legacy(good, ["0"], b.floats(1, -2))]) {
    const { tensors } = await open(bytes);
    expect([...((await tensors.get("a")?.read()) ?? [])]).toEqual([1, -2]);
  }
});

test('"module." is part of a name unless every name has it', async () => {
  const names = async (...all: string[]) => {
    const entries = Object.fromEntries(all.map((name) => [name, b.tensor()]));
    return [...(await open(root(b.dictOf(entries)))).tensors.keys()];
  };
  expect(await names("module.a", "b")).toEqual(["module.a", "b"]);
  expect(await names("module.a", "module.b")).toEqual(["a", "b"]);
});

test("CRC-32 of every length and in two pieces equals the sum bit by bit", () => {
  const bytes = Uint8Array.from({ length: 40 }, (_, i) => i * 37 + 11);
  for (let n = 0; n <= bytes.length; n++) {
    const some = bytes.subarray(0, n);
    expect(crc32(some)).toBe(b.crc32ByBits(some));
    expect(crc32(some.subarray(n >> 1), crc32(some.subarray(0, n >> 1)))).toBe(b.crc32ByBits(some));
  }
});

const PICKLES: readonly (readonly [why: string, bytes: Uint8Array, words: string | RegExp])[] = [
  [
    "os.system, which is not run",
    root(op.global("os", "system"), b.tupleOf(op.text("touch hacked")), op.reduce),
    'refers to "os.system", which plain checkpoints do not use; nothing was run',
  ],
  [
    "builtins.eval by protocol 4",
    root(op.text("builtins"), op.text("eval"), [0x93]),
    '"builtins.eval"',
  ],
  ["an INST opcode", root(op.mark, [0x69]), "opcode 0x69 is not one"],
  ["an EXT1 opcode", root([0x82, 1]), "opcode 0x82 is not one"],
  ["protocol 5", root([0x80, 5]), "protocol 5; 2 to 4 are read"],
  [
    "a call of what is no name",
    root(op.int(1), op.emptyTuple, op.reduce),
    "a call takes a name and a tuple",
  ],
  [
    "OrderedDict with arguments",
    root(op.global("collections", "OrderedDict"), b.tupleOf(op.int(1)), op.reduce),
    "collections.OrderedDict with 1 arguments",
  ],
  [
    "a storage class that is called",
    root(op.global("torch", "FloatStorage"), b.tupleOf(op.int(9)), op.reduce),
    "a call of torch.FloatStorage",
  ],
  [
    "state set on a list",
    root(op.list, op.dict, op.build),
    "state is set on what is not a dictionary",
  ],
  ["an empty stack", root(op.setItem), "the stack is empty"],
  ["no open mark", root(op.tuple), "no mark is open"],
  ["a mark left open", root(op.dict, op.mark), "it stops with 1 values"],
  ["two values at the end", root(op.dict, op.dict), "it stops with 2 values"],
  ["values below a mark", root(op.dict, op.mark, op.text("k"), op.setItem), "the stack is empty"],
  ["an odd number of entries", root(op.dict, op.mark, op.none, op.setItems), "a key has no value"],
  [
    "a key that is None",
    root(op.dict, op.none, op.none, op.setItem),
    "neither a string nor a whole number",
  ],
  [
    "a key set twice",
    root(op.dict, ...Array(2).fill([...op.text("k"), ...op.none, ...op.setItem])),
    'the key "k" is set twice',
  ],
  [
    "entries of a list",
    root(op.list, op.none, op.none, op.setItem),
    "entries are set in what is not",
  ],
  ["a memo that was never set", root(op.get(7)), "memo 7 is read before it is set"],
  [
    "a memo index of 4 billion",
    root(op.dict, op.put(2 ** 32 - 1)),
    "memo index 4294967295 exceeds",
  ],
  [
    "a text of 4 GB",
    root([0x58, 0xff, 0xff, 0xff, 0xff]),
    /4294967295 more bytes are needed and \d+ are left/,
  ],
  ["a text that is not UTF-8", root([0x58, 1, 0, 0, 0, 0xff]), "a string is not UTF-8"],
  ["a name without end", b.pth(Uint8Array.of(0x80, 2, 0x63, 0x61)), "it is cut short"],
  ["a whole number of 2^62", root(op.long(2n ** 62n)), "exceeds 2^53"],
  ["70,000 values", root(Array(70_000).fill(op.none[0])), "values or 1024 marks are open"],
  ["2,000 marks", root(Array(2_000).fill(op.mark[0])), "too deeply nested"],
  [
    "1,200,000 steps",
    root(op.list, Array(600_000).fill([op.none[0], op.append[0]]).flat()),
    "takes more than 1048576 steps",
  ],
  [
    "a dictionary in itself",
    root(op.dict, op.put(0), op.text("g_ema"), op.get(0), op.setItem),
    'no tensors in the entry "g_ema"',
  ],
  [
    "a state dict in itself",
    root(
      op.dict,
      op.put(0),
      op.text("a"),
      b.tensor(),
      op.setItem,
      op.text("b"),
      op.get(0),
      op.setItem,
    ),
    '"b" beside the tensors is a dictionary',
  ],
  [
    "a tensor under a number",
    root(op.dict, op.int(3), b.tensor(), op.setItem),
    "a tensor is called 3; names must be strings",
  ],
  ["an empty dictionary", root(op.dict), "no entry is a dictionary, so this is not a checkpoint"],
  ["None", root(op.none), "the file holds None"],
  ["a storage that is text", root(op.text("x"), op.persid), "a storage must be ("],
  [
    "a storage that is no class",
    root(b.tupleOf(op.text("storage"), op.text("x"), op.text("0"), op.none, op.int(1)), op.persid),
    "a storage must be (",
  ],
  [
    "an unknown storage class",
    view({ type: "ComplexFloatStorage" }),
    '"torch.ComplexFloatStorage"',
  ],
  ["a storage of negative length", view({ count: -2 }), "a storage must be ("],
  [
    "a view behind the storage",
    view({ offset: 1 }),
    'ends at element 2 of storage "0", which has 2',
  ],
  ["a negative offset", view({ offset: -1 }), "a tensor must have a storage, an offset"],
  ["a negative stride", view({ offset: 1, strides: [-1] }), "as many strides as sizes"],
  ["more strides than sizes", view({ strides: [1, 1] }), "as many strides as sizes"],
  ["a stride of 0", view({ shape: [2, 2], strides: [0, 1] }), "(2, 2) of 4 elements repeats those"],
  ["2^40 elements", view({ shape: [2 ** 20, 2 ** 20], strides: [0, 0] }), "at most 2^28 elements"],
  ["a product beyond 2^53", view({ shape: [2 ** 40, 2 ** 40], strides: [0, 0] }), "at most 2^28"],
  ["a stride beyond 2^53", view({ shape: [2, 2], strides: [2 ** 52, 2 ** 52] }), "ends at element"],
  [
    "a storage that is missing",
    view({ key: "9" }),
    'storage "9" is announced with 8 bytes, the file has none',
  ],
  ["a path as a storage's key", view({ key: "../data.pkl" }), "the file has none"],
  [
    "a storage of another size",
    view({ count: 3 }),
    'storage "0" is announced with 12 bytes, the file has 8',
  ],
];

for (const [why, bytes, words] of PICKLES) {
  test(`refuses ${why}`, () => refuses(() => open(bytes), words));
}

const pkl = { name: "w/data.pkl", content: good };
const store = { name: "w/data/0", content: b.floats(1, -2) };
const zeros = new Uint8Array(2 ** 16);
const cut = (bytes: Uint8Array, at: number, ...patch: number[]) =>
  b.concat(bytes.subarray(0, at), patch, bytes.subarray(at + patch.length));

const ARCHIVES: readonly (readonly [why: string, bytes: Uint8Array, words: string | RegExp])[] = [
  ["no end record", b.pth(good).subarray(0, -1), "no end record"],
  ["an archive of nothing", b.zip(), "this ZIP archive holds 0 data.pkl"],
  ["two pickles", b.zip(pkl, { ...pkl, name: "v/data.pkl" }), "holds 2 data.pkl"],
  ["an entry that is there twice", b.zip(pkl, store, store), '"w/data/0" is in the archive twice'],
  ["an encrypted entry", b.zip(pkl, { ...store, flags: 1 }), '"w/data/0" is encrypted'],
  ["another packing", b.zip(pkl, { ...store, method: 14 }), '"w/data/0" is packed with method 14'],
  ["overlapping entries", b.zip(pkl, { ...store, begin: 10 }), "overlaps what follows"],
  ["an entry outside the file", b.zip(pkl, { ...store, begin: 2 ** 31 }), "overlaps what follows"],
  [
    "big-endian elements",
    b.zip(pkl, store, { name: "w/byteorder", content: b.utf8("big") }),
    'says "big"; only "little"',
  ],
  [
    "more entries than announced",
    cut(b.pth(good), b.pth(good).length - 12, 1, 0),
    "holds 2 entries, but 1 were announced",
  ],
  [
    "a directory outside the file",
    cut(b.pth(good), b.pth(good).length - 6, 0xff, 0xff, 0xff, 0),
    "lies outside the file",
  ],
  ["a directory of 2 GB", cut(b.pth(good), b.pth(good).length - 10, 0, 0, 0, 0x80), "exceeds 2^24"],
];

for (const [why, bytes, words] of ARCHIVES) {
  test(`refuses ${why}`, () => refuses(() => open(bytes), words));
}

const STORAGES: readonly (readonly [why: string, file: Partial<b.ZipFile>, words: string])[] = [
  ["a wrong CRC-32", { crc: 1 }, "has CRC-32 "],
  [
    "another name in its own header",
    { localName: "w/data/1" },
    "has another name in its own header",
  ],
  ["another packing in its own header", { localMethod: 8 }, "is packed in another way"],
  ["a wrong CRC-32 of deflated bytes", { deflate: true, crc: 1 }, "has CRC-32 "],
  ["bytes that are not deflated", { method: 8 }, "is not deflated"],
];

for (const [why, file, words] of STORAGES) {
  test(`refuses a storage with ${why} when it is read`, async () => {
    const { tensors } = await open(b.pth(good, file));
    await refuses(() => tensors.get("a")?.read(), words);
  });
}

test("a zip bomb stops at the size that the directory states", async () => {
  const bomb = async (size: number) => {
    const bytes = b.zip({ name: "bomb", content: zeros, deflate: true, size });
    const zip = await openZip(bytesSource(bytes));
    return zip.read([...zip.entries.values()][0]);
  };
  await refuses(() => bomb(8), '"bomb" unpacks to more than its 8 bytes');
  await refuses(() => bomb(2 ** 16 + 1), "unpacks to 65536 bytes, not 65537");
  await refuses(() => bomb(2 ** 30), "to 1073741824 bytes, more than deflate can");
});

test("a stored entry must have the size that the directory states", async () => {
  const zip = await openZip(bytesSource(b.zip({ ...store, size: 9 })));
  await refuses(
    () => zip.read([...zip.entries.values()][0]),
    "is stored in 8 bytes, its size is 9",
  );
});

test("a pickle of 20 MB is not read at all", async () => {
  const content = new Uint8Array(2 ** 24 + 1);
  await refuses(() => open(b.zip({ name: "w/data.pkl", content, crc: 0 })), "exceeds 2^24");
});

const raw = b.floats(1, -2);
const whole = b.legacy(good, ["0"], raw);
const LEGACY: readonly (readonly [why: string, bytes: Uint8Array, words: string | RegExp])[] = [
  [
    "another version",
    b.concat(whole.subarray(0, 18), [0xe8], whole.subarray(19)),
    "of version 1000, 1001 is read",
  ],
  ["a storage that is not used", b.legacy(good, ["0", "1"], raw, raw), 'storage "1" is not used'],
  ["a storage listed twice", b.legacy(good, ["0", "0"], raw, raw), 'storage "0" is listed twice'],
  ["a storage that is missing", b.legacy(good, []), 'storage "0" is missing'],
  ["bytes behind the storages", b.concat(whole, [0]), /the storages end at byte \d+ of \d+/],
  [
    "a storage of another length",
    b.legacy(good, ["0"], b.floats(1)),
    "has 1 elements, 2 were announced",
  ],
  ["a storage cut short", whole.subarray(0, -1), "7 bytes are left; the file is cut short"],
  [
    "a storage of two types",
    b.legacy(
      b.pickle(b.dictOf({ a: b.tensor(), b: b.tensor({ type: "IntStorage" }) })),
      ["0"],
      raw,
    ),
    'storage "0" is 2 F32 in one place and 2 I32 in another',
  ],
  ["os.system", b.legacy(b.pickle(op.global("os", "system")), [], raw), '"os.system"'],
];

for (const [why, bytes, words] of LEGACY) {
  test(`refuses ${why} in the legacy container`, () => refuses(() => open(bytes), words));
}

for (const file of ["bfr64/weights.pth", "bfr64/weights_legacy.pth", "odd/deflated.pth"]) {
  test(`${file} cut short anywhere is refused`, async () => {
    const bytes = goldenBytes(file);
    for (let i = 0; i < 16; i++) {
      await refuses(
        () => open(bytes.subarray(0, (bytes.length * i) / 16)),
        /^(zip|pickle|pytorch legacy): /,
      );
    }
  });
}

test("NaN and infinity are refused when they are read", async () => {
  for (const value of [Number.NaN, Number.NEGATIVE_INFINITY]) {
    const { tensors } = await open(b.pth(good, { content: b.floats(value, 0) }));
    await refuses(() => tensors.get("a")?.read(), `"a" holds ${value} at index 0`);
  }
});

test("opening reads descriptions alone, and a tensor its own storage", async () => {
  const file = golden("bfr64/weights.pth");
  let bytes = 0;
  const read = (offset: number, length: number) => {
    bytes += length;
    return file.read(offset, length);
  };
  const { tensors } = await readPytorch({ size: file.size, read });
  // 65 kB in which to find the end record, 6 kB of directory, 15 kB of pickle; the file has 460,037
  expect(bytes).toBeLessThan(100_000);
  const before = bytes;
  await tensors.get("generator.style.1.bias")?.read();
  expect(bytes - before).toBeLessThan(64 * 4 + 100);
});
