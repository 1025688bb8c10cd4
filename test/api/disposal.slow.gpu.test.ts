import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { loadFaceDetector } from "../../src/faces/load_face_detector";
import { loadGpen, loadSampler, openGpu, restore, sample } from "../../src/index";
import { FACE_WEIGHTS } from "../faces/weights";
import { openTestGpu } from "../gpu";
import { countBuffers, photo, smallModel } from "./models";

const bytes = await smallModel();
const face = photo(32, 32);
const disposed = /^model: it was disposed of; load it again$/;

/** Does something right after the `at`-th submit from now on. */
function afterSubmit(device: GPUDevice, at: number, then: () => void): void {
  const submit = device.queue.submit.bind(device.queue);
  let submits = 0;
  device.queue.submit = (commands) => {
    submit(commands);
    if (++submits === at) then();
  };
}

test("a model that is disposed of while it computes gives an error, not a black picture", async () => {
  const gpu = await openTestGpu();
  for (const at of [1, 2]) {
    const model = await loadGpen(gpu, bytes);
    await restore(model, face);
    afterSubmit(gpu.device, at, model.dispose);
    await expect(restore(model, face), `submit ${at}`).rejects.toThrow(disposed);
  }
});

test("what a model makes while it is disposed of is freed", async () => {
  const gpu = await openTestGpu();
  await restore(await loadGpen(gpu, bytes), face);
  const buffers = countBuffers(gpu.device);
  for (let turns = 0; turns < 12; turns++) {
    const model = await loadGpen(gpu, bytes);
    const failure = restore(model, photo(20, 30 + turns)).catch((error: Error) => error.message);
    for (let i = 0; i < turns; i++) await new Promise((done) => setImmediate(done));
    model.dispose();
    expect(await failure, `after ${turns} turns`).toMatch(disposed);
    expect(buffers.live(), `after ${turns} turns`).toBe(0);
  }
});

test("samplers and detectors that were disposed of say so, and make nothing", async () => {
  const gpu = await openTestGpu();
  const buffers = countBuffers(gpu.device);
  const sampler = await loadSampler(gpu, bytes);
  sampler.dispose();
  await expect(sample(sampler)).rejects.toThrow(disposed);
  const detector = await loadFaceDetector(gpu, readFileSync(FACE_WEIGHTS));
  afterSubmit(gpu.device, 1, detector.dispose);
  await expect(detector.detect(photo(300, 40))).rejects.toThrow(disposed);
  expect(buffers.live()).toBe(0);
});

test("a caller who changes devices while a picture is computed gets the picture", async () => {
  const [{ device }, next] = [await openTestGpu(), await openTestGpu()];
  const gpu = await openGpu({ device });
  const model = await loadGpen(gpu, bytes);
  const want = await restore(model, face);
  afterSubmit(device, 1, () => gpu.adopt(next.device));
  expect((await restore(model, face)).pixels).toEqual(want.pixels);
  expect(gpu.device).toBe(next.device);
});
