import { expect, test } from "vitest";
import { readPytorch } from "../../src/weights/pytorch";
import * as b from "./build";
import { golden, goldenBytes, refuses } from "./files";
import { good, open, root } from "./pytorch_files";

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
