import { expect, test } from "vitest";
import type { Executable } from "../../src/gpu/prepare";
import type { Gpu } from "../../src/index";
import { newPrograms } from "../../src/restore/programs";

/** Programs on a GPU that is none, which say what is made and disposed of. */
function recorded() {
  const log: string[] = [];
  const gpu = { generation: 0 };
  const programs = newPrograms(gpu as unknown as Gpu);
  const make = (name: string) => async () => {
    log.push(`make ${name}`);
    return { dispose: () => log.push(`free ${name}`) } as unknown as Executable;
  };
  return { log, gpu, programs, make };
}

test("of each kind the last stays; another key, another device and drop() free it", async () => {
  const { log, gpu, programs, make } = recorded();
  const first = await programs.get("entry", "32", make("a"));
  expect(await programs.get("entry", "32", make("never"))).toBe(first);
  await programs.get("finish", "32", make("b"));
  await programs.get("entry", "64", make("c"));
  gpu.generation++;
  await programs.get("entry", "64", make("d"));
  programs.drop("entry");
  expect(log).toEqual(["make a", "make b", "free a", "make c", "free c", "make d", "free d"]);
  programs.dispose();
  expect(log.slice(7)).toEqual(["free b"]);
  await expect(programs.get("entry", "64", make("e"))).rejects.toThrow("model: it was disposed of");
});

test("what is still being made when it is dropped is freed then; what failed is made again", async () => {
  const { log, programs, make } = recorded();
  const failing = () => Promise.reject(new Error("out of memory"));
  await expect(programs.get("entry", "1", failing)).rejects.toThrow("out of memory");
  const making = programs.get("entry", "1", make("a"));
  programs.dispose();
  await making;
  expect(log).toEqual(["make a", "free a"]);
});
