import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  addChoices,
  type ChoiceStore,
  indexedDbChoices,
  type KeptChoice,
  readChoices,
} from "../../src/lowering/kept_choices";
import { choicesFile, choicesPath } from "../../src/node/choices_file";
import { fakeIndexedDb, memoryStore } from "./stores";

const found = (call: string, technique: string) =>
  new Map<string, KeptChoice>([[call, { version: "1", technique }]]);

async function newFile(): Promise<string> {
  return join(await mkdtemp(join(tmpdir(), "gpen-choices-")), "deep", "tuning.json");
}

const STORES: [string, () => Promise<ChoiceStore>][] = [
  ["a file", async () => choicesFile(await newFile())],
  ["IndexedDB", async () => indexedDbChoices(fakeIndexedDb())!],
  ["memory", async () => memoryStore()],
];

test.each(STORES)("%s keeps choices by adapter and call, and adds to them", async (_, make) => {
  const store = await make();
  expect((await readChoices(store, "A")).size).toBe(0);
  await addChoices(store, "A", found("conv", "fast"));
  await addChoices(store, "B", found("conv", "slow"));
  await addChoices(store, "A", found("fir", "tile"));
  const technique = async (adapter: string, call: string) =>
    (await readChoices(store, adapter)).get(call)?.technique;
  expect(await technique("A", "conv")).toBe("fast");
  expect(await technique("A", "fir")).toBe("tile");
  expect(await technique("B", "conv")).toBe("slow");
  await addChoices(store, "A", found("conv", "faster"));
  expect(await technique("A", "conv")).toBe("faster");
});

test.each([
  ["nothing", ""],
  ["no JSON", "{"],
  ["half a file", '{"format":1,"adapters":{"A":{"conv":{"ver'],
  ["null", "null"],
  ["a list", "[1, 2]"],
  ["another format", '{"format":2,"adapters":{"A":{"conv":{"version":"1","technique":"x"}}}}'],
  ["no adapters", '{"format":1}'],
  ["adapters that are null", '{"format":1,"adapters":{"A":null}}'],
  ["choices of another kind", '{"format":1,"adapters":{"A":{"conv":7}}}'],
  ["a choice without a version", '{"format":1,"adapters":{"A":{"conv":{"technique":"x"}}}}'],
  ["bytes of something else", "\u0000\u0001PK\u0003"],
])("%s is ignored, and rewritten", async (_, text) => {
  const file = join(await mkdtemp(join(tmpdir(), "gpen-choices-")), "tuning.json");
  await writeFile(file, text);
  const store = choicesFile(file);
  expect((await readChoices(store, "A")).size).toBe(0);
  await addChoices(store, "A", found("conv", "fast"));
  expect((await readChoices(store, "A")).get("conv")?.technique).toBe("fast");
});

test("names of every object do no harm", async () => {
  const store = memoryStore(
    '{"format":1,"adapters":{"__proto__":{"conv":{"version":"1","technique":"x"}}}}',
  );
  expect((await readChoices(store, "toString")).size).toBe(0);
  await addChoices(store, "A", found("constructor", "fast"));
  expect((await readChoices(store, "A")).get("constructor")?.technique).toBe("fast");
});

test("a store that fails is an empty one", async () => {
  const refuse = async () => Promise.reject(new Error("the disk is full"));
  const store: ChoiceStore = { read: refuse, write: refuse };
  expect((await readChoices(store, "A")).size).toBe(0);
  await addChoices(store, "A", found("conv", "fast"));
  const directory = await mkdtemp(join(tmpdir(), "gpen-choices-"));
  await addChoices(choicesFile(directory), "A", found("conv", "fast")); // cannot be replaced by a file
  expect(await readdir(directory)).toEqual([]);
});

test("a file is complete or the one before, with nothing left beside it", async () => {
  const file = await newFile();
  const store = choicesFile(file);
  const writers = Array.from({ length: 8 }, (_, i) =>
    addChoices(store, "A", found("conv", `t${i}`)),
  );
  await Promise.all(writers);
  expect((await readChoices(store, "A")).get("conv")?.technique).toMatch(/^t\d$/);
  expect(JSON.parse(await readFile(file, "utf8")).format).toBe(1);
  expect(await readdir(join(file, ".."))).toEqual(["tuning.json"]);
});

test("the file lies in XDG_CACHE_HOME if that is an absolute path", () => {
  const before = process.env.XDG_CACHE_HOME;
  try {
    process.env.XDG_CACHE_HOME = "/somewhere/cache";
    expect(choicesPath()).toBe("/somewhere/cache/gpen-webgpu/tuning.json");
    for (const other of ["relative", ""]) {
      process.env.XDG_CACHE_HOME = other;
      expect(choicesPath()).toMatch(/\/\.cache\/gpen-webgpu\/tuning\.json$/);
    }
  } finally {
    if (before === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = before;
  }
});

test("there is no IndexedDB in Node", () => {
  expect(indexedDbChoices()).toBeUndefined();
});
