import { expect, test } from "vitest";
import * as USAGE from "../../src/gpu/usage";
import { run } from "../../src/graph/run_alone";
import { type ImageInput, loadGpen, restore, restoreFaces, restoreToBuffer } from "../../src/index";
import { rgba8ToPlanes } from "../../src/kernels/rgba8_to_planes";
import { luminance } from "../../src/references/luminance";
import { referenceOf } from "../../src/references/references";
import { openTestGpu } from "../gpu";
import { countBuffers, expectLevels, photo, SMALL, smallModel, TINY } from "./models";

const bytes = await smallModel();
const face = photo(32, 32);

/** Planes (3, h, w) of 0..1 to RGBA levels. */
function levels(planes: Float32Array): Uint8ClampedArray {
  const size = planes.length / 3;
  return Uint8ClampedArray.from({ length: 4 * size }, (_, i) =>
    i % 4 === 3 ? 255 : 255 * planes[(i % 4) * size + (i >> 2)],
  );
}

/** Planes (3, h, w) of 0..1 of pixels. */
function planes({ data, width, height }: ReturnType<typeof photo>): Float32Array {
  const size = width * height;
  return Float32Array.from({ length: 3 * size }, (_, i) => {
    return data[4 * (i % size) + Math.floor(i / size)] / 255;
  });
}

/** The photo at side x side by the plain reference of the resizing kernel. */
function resized(from: ReturnType<typeof photo>, side: number): Float32Array {
  const { data, width, height } = from;
  const size = { h: side, w: side };
  const args = { x: [1, 4, height, width], size, normalise: false, grey: false };
  const x = Float32Array.from(data, (_, i) => {
    const [c, at] = [Math.floor(i / (width * height)), i % (width * height)];
    return data[4 * at + c];
  });
  return referenceOf(rgba8ToPlanes)(args, { x });
}

test("strength 0 gives the photo, 1 the network's output, 0.5 what lies between", async () => {
  const gpu = await openTestGpu();
  const model = await loadGpen(gpu, bytes);
  const input = planes(face).map((v) => 2 * v - 1);
  const { output } = await run(await model.network(), { input });
  const restored = output.map((v) => 0.5 * v + 0.5);
  // otherwise clipping would hide what the network gives
  expect(restored.filter((v) => v > 0 && v < 1).length).toBeGreaterThan(restored.length / 2);
  const clamped = restored.map((v) => Math.min(1, Math.max(0, v)));
  for (const strength of [0, 0.5, 1]) {
    const { pixels } = await restore(model, face, { strength });
    const want = planes(face).map((v, i) => v + strength * (clamped[i] - v));
    // a value halfway between two levels may be rounded to either
    expectLevels(pixels, levels(want), 1);
  }
  const plain = await restore(model, face);
  expectLevels(plain.pixels, levels(clamped), 1);
  expect([plain.precision, plain.rerun]).toEqual(["f32", undefined]);
  expect(plain.ms).toBeGreaterThan(0);
});

test("pictures of any size are resized to the model's input", async () => {
  const gpu = await openTestGpu();
  const model = await loadGpen(gpu, bytes);
  const sizes = [
    [1, 1],
    [1, 4000],
    [4000, 3],
    [50, 31],
    [300, 400],
  ];
  for (const [width, height] of sizes) {
    const from = photo(width, height);
    const { pixels } = await restore(model, from, { strength: 0 });
    expect([pixels.width, pixels.height]).toEqual([32, 32]);
    // a value halfway between two levels may be rounded to either
    expectLevels(pixels, levels(resized(from, 32)), 1);
  }
});

test("a picture larger than one binding is taken in bands of rows, to the same bits", async () => {
  const gpu = await openTestGpu();
  const from = photo(300, 400); // 480,000 bytes
  const whole = await loadGpen(gpu, bytes);
  const limits = {
    maxStorageBufferBindingSize: 400_000,
    maxBufferSize: gpu.limits.maxBufferSize,
  };
  const banded = await loadGpen({ ...gpu, limits }, bytes);
  const create = gpu.device.createBindGroup.bind(gpu.device);
  let largest = 0;
  gpu.device.createBindGroup = (descriptor) => {
    for (const { resource } of descriptor.entries)
      largest = Math.max(largest, (resource as GPUBufferBinding).size ?? 0);
    return create(descriptor);
  };
  for (const strength of [0, 1]) {
    const want = (await restore(whole, from, { strength })).pixels;
    expect((await restore(banded, from, { strength })).pixels).toEqual(want);
  }
  expect(largest).toBe(480_000);
  largest = 0;
  await restore(banded, photo(400, 300)); // another shape, for which programs are made anew
  expect(largest).toBeGreaterThan(200_000);
  expect(largest).toBeLessThanOrEqual(400_000);
});

test("pixels that are changed or transferred while a picture waits are those that were given", async () => {
  const gpu = await openTestGpu();
  const model = await loadGpen(gpu, bytes);
  const want = (await restore(model, face)).pixels;
  const [white, painted, moved] = [photo(32, 32), photo(32, 32), photo(32, 32)];
  white.data.fill(255);
  const before = restore(model, white); // its pixels are what the GPU holds when the next one's come
  const waiting = [restore(model, painted), restore(model, moved)];
  const batch = restoreFaces(model, [painted, moved]);
  painted.data.fill(0);
  structuredClone(moved.data, { transfer: [moved.data.buffer] });
  await before;
  for (const { pixels } of await Promise.all(waiting)) expect(pixels).toEqual(want);
  for (const { pixels } of await batch) expect(pixels).toEqual(want);
});

test("what cannot be restored is refused in one sentence", async () => {
  const gpu = await openTestGpu();
  const model = await loadGpen(gpu, bytes);
  const rgb = { data: new Uint8Array(3 * 4), width: 2, height: 2 };
  const none = { data: new Uint8Array(), width: 0, height: 2 };
  const refused: [string, unknown, object, RegExp][] = [
    ["RGB", rgb, {}, /data has 12 bytes, but 2 x 2 RGBA pixels are 16; RGB needs an alpha/],
    ["no pixels", none, {}, /the size 0 x 2 must be whole numbers from 1 on/],
    ["half a pixel", { ...rgb, height: 1.5 }, {}, /the size 2 x 1\.5/],
    ["numbers", { ...rgb, data: [1] }, {}, /data must be a Uint8Array or Uint8ClampedArray/],
    ["no picture", null, {}, /image: .* must be/],
    ["a canvas without one", { width: 2, height: 2 }, {}, /there is no canvas here; pass \{ data/],
    ["strength 2", face, { strength: 2 }, /strength 2 must be a number from 0 to 1/],
    ["strength NaN", face, { strength: Number.NaN }, /strength NaN must be a number/],
    ["strength null", face, { strength: null as never }, /strength null must be a number/],
    ["task", face, { task: "swap" }, /"swap" must be one of restore, colorize, inpaint, seg2face/],
    ["task toString", face, { task: "toString" }, /"toString" must be one of/],
    ["seed", face, { seed: Number.NaN }, /the seed NaN must be a whole number/],
  ];
  for (const [what, image, options, sentence] of refused) {
    const failure = await restore(model, image as ImageInput, options).catch((e: Error) => e);
    expect(failure, what).toMatchObject({
      name: "ShapeError",
      message: expect.stringMatching(sentence),
    });
    expect((failure as Error).message, what).not.toContain("\n");
  }
});

test("colorize keeps the photo's luminance and shows the network grey only", async () => {
  const gpu = await openTestGpu();
  const model = await loadGpen(gpu, TINY, { precision: "f32" });
  const from = photo(4, 4, 3); // 128 px of it are smooth, as faces are
  const { pixels } = await restore(model, from, { task: "colorize" });
  const before = resized(from, 128);
  const size = 128 * 128;
  let compared = 0;
  for (let i = 0; i < size; i++) {
    const rgb = [0, 1, 2].map((c) => pixels.data[4 * i + c]);
    if (rgb.some((v) => v === 0 || v === 255)) continue; // clipped: the luminance is lost
    const want = 255 * luminance([0, 1, 2].map((c) => before[c * size + i]));
    // each of the three levels is rounded by up to a half
    if (!(Math.abs(luminance(rgb) - want) <= 0.51))
      expect.fail(`pixel ${i}: luminance ${luminance(rgb)}, the photo has ${want}`);
    compared++;
  }
  expect(compared).toBeGreaterThan(size / 2);
  const grey = { ...from, data: new Uint8ClampedArray(from.data) };
  for (let i = 0; i < grey.data.length; i += 4)
    grey.data.fill(Math.round(luminance([...from.data.subarray(i, i + 3)])), i, i + 3);
  const ofGrey = await restore(model, grey, { task: "colorize" });
  // the grey photo's levels are rounded by up to a half, which the network passes on
  expectLevels(ofGrey.pixels, pixels.data, 8);
});

test("seg2face, and models that say so, take and give values from 0 to 1", async () => {
  const gpu = await openTestGpu();
  const unit = await loadGpen(gpu, await smallModel(undefined, { ...SMALL, normalise: false }));
  const usual = await loadGpen(gpu, bytes);
  expect([unit.config.normalise, usual.config.normalise]).toEqual([false, true]);
  const { output } = await run(await usual.network(), { input: planes(face) });
  expect(output.filter((v) => v > 0 && v < 1).length).toBeGreaterThan(output.length / 4);
  const want = levels(output.map((v) => Math.min(1, Math.max(0, v))));
  // a value halfway between two levels may be rounded to either
  expectLevels((await restore(unit, face)).pixels, want, 1);
  expectLevels((await restore(usual, face, { task: "seg2face" })).pixels, want, 1);
  const { data } = (await restore(usual, face)).pixels;
  expect(() => expectLevels({ ...face, data }, want, 1)).toThrow(/allowed 1/);
});

test("restoreToBuffer leaves the same pixels on the GPU, and the buffer to the caller", async () => {
  const gpu = await openTestGpu();
  const model = await loadGpen(gpu, bytes);
  const want = (await restore(model, face)).pixels.data;
  const { buffer, width, height } = await restoreToBuffer(model, face);
  expect([width, height, buffer.size]).toEqual([32, 32, 4 * 32 * 32]);
  model.dispose();
  const { device } = gpu;
  const staging = device.createBuffer({ size: buffer.size, usage: USAGE.mapRead | USAGE.copyDst });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(buffer, 0, staging, 0, buffer.size);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(USAGE.MAP_READ);
  expect(new Uint8ClampedArray(staging.getMappedRange())).toEqual(want);
});

test("many submits give the bits of one, and stop between them when aborted", async () => {
  const gpu = await openTestGpu();
  const model = await loadGpen(gpu, bytes);
  const submit = gpu.device.queue.submit.bind(gpu.device.queue);
  let submits = 0;
  let onSubmit = () => {};
  gpu.device.queue.submit = (commands) => {
    submits++;
    onSubmit();
    return submit(commands);
  };
  const counted = async (options: object) => {
    submits = 0;
    const { pixels } = await restore(model, face, options);
    return { pixels, submits };
  };
  // whatever the device's pace is, a slice of a nanosecond holds one step
  const [one, many] = [await counted({ sliceMs: 1e9 }), await counted({ sliceMs: 1e-6 })];
  expect(many.pixels).toEqual(one.pixels);
  expect(many.submits).toBeGreaterThanOrEqual(one.submits + 20);
  const controller = new AbortController();
  const reason = new Error("enough");
  onSubmit = () => controller.abort(reason);
  submits = 0;
  const buffers = countBuffers(gpu.device);
  await expect(restore(model, face, { sliceMs: 1e-6, signal: controller.signal })).rejects.toBe(
    reason,
  );
  expect([submits, buffers.live()]).toEqual([1, 0]);
  onSubmit = () => {};
  expect((await counted({})).pixels).toEqual(one.pixels);
});

test("an abort that comes while the device computes the only submit is heard too", async () => {
  const gpu = await openTestGpu();
  const model = await loadGpen(gpu, bytes);
  const { data } = (await restore(model, face, { sliceMs: 1e9 })).pixels;
  const controller = new AbortController();
  const running = restore(model, face, { sliceMs: 1e9, signal: controller.signal });
  const submit = gpu.device.queue.submit.bind(gpu.device.queue);
  gpu.device.queue.submit = (commands) => {
    submit(commands);
    controller.abort(new Error("enough"));
  };
  await expect(running).rejects.toThrow("enough");
  gpu.device.queue.submit = submit;
  expect((await restore(model, face)).pixels.data).toEqual(data);
});

test("a network that enlarges draws its noise from the seed, also when pictures overlap", async () => {
  const gpu = await openTestGpu();
  const config = { ...SMALL, outSize: 64 };
  const model = await loadGpen(gpu, await smallModel(undefined, config));
  const seeds = [0, 1, 0, 2, 1];
  const together = await Promise.all(seeds.map((seed) => restore(model, face, { seed })));
  for (const [i, seed] of seeds.entries()) {
    const alone = await restore(model, face, { seed });
    expect(alone.pixels.width).toBe(64);
    expect(together[i].pixels, `seed ${seed}`).toEqual(alone.pixels);
  }
  expect(together[0].pixels).not.toEqual(together[1].pixels);
  expect((await restore(model, face)).pixels).toEqual(together[0].pixels);
});
