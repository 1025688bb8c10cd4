import { mkdtemp, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openFileSource } from "../../src/node/file_source";

async function file(bytes: Uint8Array): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), "gpen-source-")), "weights");
  await writeFile(path, bytes);
  return path;
}

test("a file is read in pieces", async () => {
  const source = await openFileSource(await file(Uint8Array.from({ length: 100 }, (_, i) => i)));
  expect(source.size).toBe(100);
  expect([...(await source.read(97, 3))]).toEqual([97, 98, 99]);
  expect(await source.read(100, 0)).toHaveLength(0);
  await source.close();
});

test("a file that shrinks while it is read gives one sentence", async () => {
  const path = await file(new Uint8Array(100));
  const source = await openFileSource(path);
  await truncate(path, 50);
  await expect(source.read(40, 20)).rejects.toThrow(/ended at byte 50, 60 were expected/);
  await source.close();
});

test("what is no file gives one sentence", async () => {
  await expect(openFileSource(tmpdir())).rejects.toThrow(/is not a file; name a file/);
  await expect(openFileSource(join(tmpdir(), "no", "such"))).rejects.toThrow(/ENOENT.*check/);
});
