/** The files that are damaged, each a few kB, and the damage that reaches behind checksums. */
import {
  concat,
  dictOf,
  floats,
  le,
  legacy,
  pickle,
  pth,
  safetensors,
  tensor,
  zip,
} from "../weights/build";
import { goldenBytes } from "../weights/files";
import { mutate } from "./mutate";

type Random = (n: number) => number;
type Make = (random: Random) => Uint8Array;

export interface Family {
  readonly name: string;
  /** Share of all files, in percent. */
  readonly share: number;
  readonly makes: readonly Make[];
}

const damaged = (bytes: Uint8Array): Make => {
  return (random) => mutate(bytes, random);
};

const HEADER = {
  __metadata__: { "gpen.noise": "concat" },
  "a.weight": { dtype: "F32", shape: [2, 3], data_offsets: [0, 24] },
  b: { dtype: "F16", shape: [4], data_offsets: [24, 32] },
  c: { dtype: "BF16", shape: [2, 2], data_offsets: [32, 40] },
  d: { dtype: "F64", shape: [], data_offsets: [40, 48] },
};
const COUNTED = { ...HEADER, e: { dtype: "I64", shape: [1], data_offsets: [48, 56] } };
const ELEMENTS = Uint8Array.from({ length: 56 }, (_, i) => (i * 41 + 7) & 0x3f);

/** The header is damaged, its length is right. */
const headerDamaged: Make = (random) => {
  const json = mutate(new TextEncoder().encode(JSON.stringify(COUNTED)), random);
  return concat(le(json.length, 8), json, ELEMENTS);
};

const VIEWS = {
  a: tensor({ count: 6, shape: [3, 2], strides: [1, 3] }),
  b: tensor({ count: 6, shape: [2, 2], offset: 1, strides: [2, 1] }),
  n: [0x4b, 3],
  c: tensor({ key: "1", count: 4, type: "HalfStorage", shape: [4] }),
};
const OBJECTS: readonly Uint8Array[] = [
  pickle(dictOf(VIEWS)),
  pickle(dictOf({ g_ema: dictOf(VIEWS), d: dictOf({ a: VIEWS.c }) })),
  pickle(dictOf({ "module.a": VIEWS.a, "module.b": VIEWS.b })),
];
const SIX = floats(1, 2, 3, 4, 5, 6);
const FOUR = Uint8Array.of(0, 0x3c, 0, 0x40, 1, 0, 0, 0xb8);

/** The pickle is damaged, checksums and sizes of the archive are right. */
const pickleDamaged: Make = (random) => {
  const deflate = random(8) === 0;
  const object = mutate(OBJECTS[random(OBJECTS.length)], random);
  return pth(object, { content: SIX, deflate }, { content: FOUR });
};

/** What the directory says of one storage is damaged, the rest is right. */
const directoryDamaged: Make = (random) => {
  const number = () => [0, 1, 24, 2 ** 16, 2 ** 31, 2 ** 32 - 1][random(6)];
  const fields = ["size", "method", "flags", "begin", "crc", "localMethod"] as const;
  const field = fields[random(fields.length)];
  const wrong = { [field]: field === "size" || field === "begin" ? number() : random(10) };
  const first = { name: "w/data.pkl", content: OBJECTS[0] };
  const second = { name: "w/data/0", content: SIX, deflate: random(2) === 0, ...wrong };
  return zip(first, second, { name: "w/data/1", content: FOUR });
};

const legacyDamaged: Make = (random) =>
  legacy(
    mutate(OBJECTS[random(OBJECTS.length)], random),
    ["0", "1"],
    SIX,
    new Uint16Array(FOUR.buffer),
  );

const ODD =
  "beside half bfloat16 double protocol3 protocol4 views parameters parallel zip64 deflated";

export const FAMILIES: readonly Family[] = [
  {
    name: "safetensors",
    share: 30,
    makes: [damaged(safetensors(HEADER, ELEMENTS.subarray(0, 48))), headerDamaged],
  },
  {
    name: "pytorch",
    share: 35,
    makes: [
      ...ODD.split(" ").map((name) => damaged(goldenBytes(`odd/${name}.pth`))),
      ...Array<Make>(8).fill(pickleDamaged),
      ...Array<Make>(3).fill(directoryDamaged),
    ],
  },
  {
    name: "pytorch-legacy",
    share: 20,
    makes: [
      ...["views", "half"].map((name) => damaged(goldenBytes(`odd/${name}_legacy.pth`))),
      ...Array<Make>(2).fill(legacyDamaged),
    ],
  },
  { name: "onnx", share: 15, makes: [damaged(goldenBytes("odd/tiny.onnx"))] },
];
