import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { gpen } from "../../src/graph/gpen";
import { loadGpen, restore } from "../../src/index";
import { tune } from "../../src/lowering/tune";
import { expectLevels, photo, SMALL, smallModel } from "../api/models";
import { gpen as command } from "../cli/gpen";
import { openTestGpu } from "../gpu";
import { memoryStore } from "./stores";

const face = photo(32, 32);

test("loadGpen tunes once, uses what it found, and restores the same picture", async () => {
  const gpu = await openTestGpu({ features: ["subgroups"], subgroupSize: 4 });
  const store = memoryStore();
  const bytes = await smallModel();
  const load = async (tune?: object) => {
    let submits = 0;
    const submit = gpu.device.queue.submit;
    gpu.device.queue.submit = function (this: GPUQueue, buffers) {
      submits++;
      return submit.call(gpu.device.queue, buffers);
    };
    const model = await loadGpen(gpu, bytes, { tune: tune && { store, ...tune } });
    gpu.device.queue.submit = submit;
    const { pixels } = await restore(model, face);
    model.dispose();
    return { submits, pixels };
  };
  const plain = await load();
  const first = await load({});
  const text = store.text()!;
  const second = await load({ budgetMs: 0 });
  expect(first.submits).toBeGreaterThan(plain.submits);
  expect(second.submits).toBe(plain.submits);
  expect(store.text()).toBe(text);
  const [choices] = Object.values(JSON.parse(text).adapters);
  expect(Object.keys(choices as object).length).toBeGreaterThan(5);
  for (const { pixels } of [first, second]) expectLevels(pixels, plain.pixels.data, 1);
  await store.write(text.slice(0, text.length / 2));
  const damaged = await load({});
  expect(damaged.submits).toBeGreaterThan(plain.submits);
  expect(Object.keys(JSON.parse(store.text()!))).toEqual(["format", "adapters"]);
});

test("every technique of this adapter is right in f16 too", async () => {
  const gpu = await openTestGpu({ features: ["subgroups", "shader-f16"], subgroupSize: 4 });
  const { output } = gpen(SMALL, 2);
  const { calls } = await tune(gpu, { output }, { precision: "f16", budgetMs: 100_000 });
  expect(calls.length).toBeGreaterThan(5);
  for (const { names, trials, by } of calls) {
    expect(by, names[0]).toBe("trial");
    for (const { name, refused } of trials) expect(refused, `${names[0]}: ${name}`).toBeUndefined();
  }
});

test("gpen tune prints candidates, times, errors and winners, and keeps them", async () => {
  await openTestGpu();
  const before = process.env.XDG_CACHE_HOME;
  process.env.XDG_CACHE_HOME = await mkdtemp(join(tmpdir(), "gpen-cache-"));
  try {
    const model = "test/golden/bfr32/weights.pth";
    const { code, out, err } = await command("tune", model, "--json");
    expect([code, err]).toEqual([0, ""]);
    const { adapter, precision, calls, file } = JSON.parse(out);
    expect([typeof adapter, precision]).toEqual(["string", "f32"]);
    for (const { names, chosen, by, trials } of calls) {
      expect([names[0], by]).toEqual([names[0], "trial"]);
      expect(trials.map(({ name }: { name: string }) => name)).toContain(chosen);
      expect(trials.map(({ name }: { name: string }) => name)).toContain("readable");
    }
    const none = await command("tune", model, "--budget", "1");
    expect(none.out).toMatch(/^adapter {2}\S/);
    expect(none.out).toMatch(/\ntuned {4}0 of \d+ calls in \d+\.\d s\n$/);
    if (calls.length === 0) return;
    expect(JSON.parse(await readFile(file, "utf8")).format).toBe(1);
    expect(none.out).toMatch(/\n {2}\* .+, as found before: there was no time\n/);
    const wrong = await command("tune", "test/golden/bfr64/discriminator.safetensors");
    expect([wrong.code, wrong.err]).toEqual([
      2,
      "tune: test/golden/bfr64/discriminator.safetensors is no whole GPEN but a discriminator; name one that restores\n",
    ]);
  } finally {
    if (before === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = before;
  }
});
