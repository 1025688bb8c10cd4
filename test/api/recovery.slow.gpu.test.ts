import { expect, test } from "vitest";
import { loadGpen, loadSampler, openGpu, restore, restoreFaces, sample } from "../../src/index";
import { openLosableGpu, openTestGpu } from "../gpu";
import { photo, smallModel } from "./models";

const bytes = await smallModel();
const face = photo(32, 32);

/** Destroys the device at its `at`-th submit from now on, once. */
function loseAt(device: GPUDevice, at: number): void {
  const submit = device.queue.submit.bind(device.queue);
  let submits = 0;
  device.queue.submit = (commands) => {
    submit(commands);
    if (++submits === at) device.destroy();
  };
}

test("a device lost in the middle of a picture, 20 times in a row: every picture completes", async () => {
  let devices = 0;
  const gpu = await openLosableGpu(() => devices++);
  const model = await loadGpen(gpu, bytes);
  const want = (await restore(model, face)).pixels;
  for (let i = 0; i < 20; i++) {
    loseAt(gpu.device, 1 + (i % 4)); // while slices run, and while pixels are read
    const { pixels } = await restore(model, face, { sliceMs: i % 2 ? 1e-6 : 50 });
    expect(pixels, `loss ${i}`).toEqual(want);
  }
  expect(devices).toBe(21);
  expect(gpu.generation).toBe(20);
});

test("a device lost while a model loads, and while faces and samples are drawn", async () => {
  const gpu = await openLosableGpu();
  const model = await loadGpen(gpu, bytes);
  const [{ pixels: want }] = await restoreFaces(model, [face]);
  const sampler = await loadSampler(gpu, bytes);
  const drawn = await sample(sampler);
  loseAt(gpu.device, 2);
  const again = await loadGpen(gpu, bytes);
  expect((await restore(again, face)).pixels).toEqual(want);
  loseAt(gpu.device, 2);
  const three = await restoreFaces(model, [face, face, face]);
  expect(three.map(({ pixels }) => pixels)).toEqual([want, want, want]);
  loseAt(gpu.device, 1);
  expect(await sample(sampler)).toEqual(drawn);
});

test("a device lost between two pictures is replaced; pictures that wait together share one", async () => {
  let devices = 0;
  const gpu = await openLosableGpu(() => devices++);
  const model = await loadGpen(gpu, bytes);
  const want = (await restore(model, face)).pixels;
  gpu.device.destroy();
  const together = await Promise.all([1, 2, 3].map(() => restore(model, face)));
  for (const { pixels } of together) expect(pixels).toEqual(want);
  expect(devices).toBe(2);
});

test("what was disposed of is not opened again", async () => {
  const gpu = await openLosableGpu();
  const model = await loadGpen(gpu, bytes);
  gpu.dispose();
  await expect(restore(model, face)).rejects.toThrow(
    /^gpu: the device was lost \([^\n]*destroyed[^\n]*\); it was disposed of; open another$/,
  );
});

test("a device that is lost every time: an error after the fourth loss", async () => {
  let devices = 0;
  const gpu = await openLosableGpu((device) => {
    if (++devices > 1) loseAt(device, 1);
  });
  const model = await loadGpen(gpu, bytes);
  loseAt(gpu.device, 1);
  await expect(restore(model, face)).rejects.toThrow(/^gpu: the device was lost|^run: reading/);
  expect(devices).toBe(4);
});

test("a model on a lost device of the caller's goes on with the next device it is given", async () => {
  const { device } = await openTestGpu();
  const gpu = await openGpu({ device });
  const model = await loadGpen(gpu, bytes);
  const want = (await restore(model, face)).pixels;
  loseAt(device, 1);
  await expect(restore(model, face)).rejects.toThrow(/pass it to gpu\.adopt\(device\)$/);
  const next = await openTestGpu();
  gpu.adopt(next.device);
  expect((await restore(model, face)).pixels).toEqual(want);
});
