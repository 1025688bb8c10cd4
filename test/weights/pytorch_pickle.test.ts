import { test } from "vitest";
import * as b from "./build";
import { refuses } from "./files";
import { open, root } from "./pytorch_files";

const { op } = b;
const view = (fields: b.View) => root(b.dictOf({ a: b.tensor(fields) }));

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
