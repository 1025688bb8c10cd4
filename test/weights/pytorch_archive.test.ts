import { expect, test } from "vitest";
import { bytesSource } from "../../src/weights/byte_source";
import { crc32 } from "../../src/weights/crc32";
import { openZip } from "../../src/weights/zip";
import * as b from "./build";
import { refuses } from "./files";
import { good, open } from "./pytorch_files";

test("CRC-32 of every length and in two pieces equals the sum bit by bit", () => {
  const bytes = Uint8Array.from({ length: 40 }, (_, i) => i * 37 + 11);
  for (let n = 0; n <= bytes.length; n++) {
    const some = bytes.subarray(0, n);
    expect(crc32(some)).toBe(b.crc32ByBits(some));
    expect(crc32(some.subarray(n >> 1), crc32(some.subarray(0, n >> 1)))).toBe(b.crc32ByBits(some));
  }
});

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
