import { expect, test } from "vitest";
import * as USAGE from "../../src/gpu/usage";
import {
  loadGpen,
  loadSampler,
  openGpu,
  type Restored,
  restore,
  restoreToBuffer,
  sample,
} from "../../src/index";
import { openTestGpu } from "../gpu";
import { countBuffers, photo, smallModel } from "./models";

const bytes = await smallModel();
const face = photo(20, 30);

interface Settled {
  readonly value?: Restored;
  readonly reason: Error;
}

test("load, restore, sample and dispose leave as many buffers as before", async () => {
  const gpu = await openTestGpu();
  const buffers = countBuffers(gpu.device);
  const model = await loadGpen(gpu, bytes);
  expect(buffers.live()).toBeGreaterThan(0);
  await restore(model, face);
  const loaded = buffers.live(); // with the programs around the network, for pictures of this size
  await restore(model, face);
  await restore(model, photo(30, 20));
  expect(buffers.live()).toBe(loaded);
  await restore(model, photo(2400, 2000)); // 19 MB
  expect(buffers.live()).toBeLessThan(loaded); // those of a large picture do not wait for another
  await restore(model, face);
  expect(buffers.live()).toBe(loaded);
  const { buffer } = await restoreToBuffer(model, face);
  expect(buffers.live()).toBe(loaded + 1); // the caller's
  buffer.destroy();
  model.dispose();
  expect(buffers.live()).toBe(0);
  const sampler = await loadSampler(gpu, bytes);
  await sample(sampler);
  sampler.dispose();
  expect(buffers.live()).toBe(0);
});

test("failures leave as many buffers as before", async () => {
  const gpu = await openTestGpu();
  const buffers = countBuffers(gpu.device);
  const damaged = {
    size: bytes.length,
    read: async (at: number, n: number) => bytes.slice(at, at + n),
  };
  let reads = 0;
  const failing = {
    ...damaged,
    read: (at: number, n: number) =>
      ++reads > 40 ? Promise.reject(new Error("the disk is gone")) : damaged.read(at, n),
  };
  await expect(loadGpen(gpu, failing)).rejects.toThrow("the disk is gone");
  expect([buffers.live(), buffers.made() > 0]).toEqual([0, true]);
  const model = await loadGpen(gpu, bytes);
  const loaded = buffers.live();
  await expect(restore(model, face, { strength: 7 })).rejects.toThrow(/strength 7/);
  await expect(restore(model, face, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/);
  expect(buffers.live()).toBe(loaded);
  model.dispose();
});

test("a model that was disposed of says so", async () => {
  const gpu = await openTestGpu();
  const model = await loadGpen(gpu, bytes);
  model.dispose();
  model.dispose();
  await expect(restore(model, face)).rejects.toThrow(/^model: it was disposed of; load it again$/);
});

test("disposed of while it restores, a model gives the picture or one sentence, and frees all", async () => {
  const gpu = await openTestGpu();
  const buffers = countBuffers(gpu.device);
  const kept = await loadGpen(gpu, bytes);
  const want = (await restore(kept, face)).pixels;
  kept.dispose();
  const seen = new Set<string>();
  for (let turns = 0; turns < 24; turns++) {
    const model = await loadGpen(gpu, bytes);
    const running = restore(model, face);
    const waiting = restore(model, face);
    // from before the first program is made to the reading back, which takes a few milliseconds
    for (let i = 0; i < turns; i++)
      await (turns < 12 ? null : new Promise((done) => setTimeout(done)));
    model.dispose();
    for (const { reason, value } of (await Promise.allSettled([running, waiting])) as Settled[]) {
      if (value) expect(value.pixels).toEqual(want);
      else seen.add(reason.message);
    }
    expect(buffers.live()).toBe(0);
  }
  expect([...seen]).toEqual(["model: it was disposed of; load it again"]);
});

test("a sampler that was disposed of says so", async () => {
  const sampler = await loadSampler(await openTestGpu(), bytes);
  sampler.dispose();
  await expect(sample(sampler)).rejects.toThrow(/^model: it was disposed of; load it again$/);
});

test("a device of the caller's is left alone, and models on it share pipelines", async () => {
  const { device } = await openTestGpu();
  const own = device.createBuffer({ size: 16, usage: 4 });
  const destroyed: string[] = [];
  for (const [name, object] of Object.entries<{ destroy(): void }>({ device, own })) {
    const destroy = object.destroy.bind(object);
    object.destroy = () => {
      destroyed.push(name);
      destroy();
    };
  }
  let pipelines = 0;
  const create = device.createComputePipelineAsync.bind(device);
  device.createComputePipelineAsync = (descriptor) => {
    pipelines++;
    return create(descriptor);
  };
  const gpu = await openGpu({ device });
  expect(gpu.device).toBe(device);
  const first = await loadGpen(gpu, bytes);
  const made = pipelines;
  const second = await loadGpen(gpu, bytes);
  expect([made > 0, pipelines]).toEqual([true, made]);
  const want = (await restore(first, face)).pixels;
  first.dispose();
  expect((await restore(second, face)).pixels).toEqual(want);
  second.dispose();
  gpu.dispose();
  expect(destroyed).toEqual([]);
});

test("error scopes that a host keeps open meanwhile get the host's errors, and ours do not", async () => {
  const { device } = await openTestGpu();
  const gpu = await openGpu({ device });
  const tick = () => new Promise((done) => setTimeout(done, 1));
  const hostWorks = async (until: () => boolean) => {
    let [wrong, right] = [0, 0];
    while (!until()) {
      device.pushErrorScope("validation");
      await tick();
      const invalid = (wrong + right) % 2 === 0;
      // MAP_READ goes with COPY_DST only
      const usage = invalid ? USAGE.mapRead | USAGE.storage : USAGE.storage;
      device.createBuffer({ size: 16, usage }).destroy();
      if (await device.popErrorScope()) wrong++;
      else right++;
    }
    return [wrong, right];
  };
  let ended = false;
  const host = hostWorks(() => ended);
  const model = await loadGpen(gpu, bytes);
  const pictures = [await restore(model, face, { sliceMs: 1e-6 }), await restore(model, face)];
  ended = true;
  const [wrong, right] = await host;
  expect(wrong).toBeGreaterThan(2);
  expect(Math.abs(wrong - right)).toBeLessThanOrEqual(1);
  expect(pictures[0].pixels).toEqual(pictures[1].pixels);
});

test("a lost device: one sentence from everything that needs it", async () => {
  const { device } = await openTestGpu();
  const gpu = await openGpu({ device });
  const [model, sampler] = [await loadGpen(gpu, bytes), await loadSampler(gpu, bytes)];
  device.destroy();
  await device.lost;
  const sentence =
    /^gpu: the device was lost \([^\n]*destroyed[^\n]*\); it, or its adapter, is the caller's: open another and pass it to gpu\.adopt\(device\)$/;
  await expect(restore(model, face)).rejects.toThrow(sentence);
  await expect(restoreToBuffer(model, face)).rejects.toThrow(sentence);
  await expect(sample(sampler)).rejects.toThrow(sentence);
  await expect(loadGpen(gpu, bytes)).rejects.toThrow(sentence);
  const later = await openGpu({ device });
  await expect(loadGpen(later, bytes)).rejects.toThrow(sentence);
  model.dispose();
  sampler.dispose();
});

test("a device lost while a picture is computed: the same sentence", async () => {
  const { device } = await openTestGpu();
  const gpu = await openGpu({ device });
  const model = await loadGpen(gpu, bytes);
  const submit = device.queue.submit.bind(device.queue);
  device.queue.submit = (commands) => {
    submit(commands);
    device.destroy();
  };
  await expect(restore(model, face)).rejects.toThrow(/^gpu: the device was lost/);
});
