import { test } from "vitest";
import * as b from "./build";
import { refuses } from "./files";
import { good, open } from "./pytorch_files";

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
  ["os.system", b.legacy(b.pickle(b.op.global("os", "system")), [], raw), '"os.system"'],
];

for (const [why, bytes, words] of LEGACY) {
  test(`refuses ${why} in the legacy container`, () => refuses(() => open(bytes), words));
}
