import { expect, test } from "vitest";
import { openBlank } from "./browser";

const LOSSES = 20;
/** Every time pipelines are compiled again, by a software driver on the CPU. */
const LIMIT_MS = 150_000;

test("a device that is lost in the middle of a picture, 20 times in a row: each picture is finished", {
  timeout: LIMIT_MS,
}, async () => {
  const page = await openBlank();
  const seen = await page.evaluate(async (losses) => {
    const gpu = await gpen.openGpu();
    const model = await gpen.loadGpen(gpu, await staged.smallModel());
    const photo = await staged.picture();
    const { pixels: whole } = await gpen.restore(model, photo);
    const devices = new Set<GPUDevice>();
    let same = 0;
    for (let i = 0; i < losses; i++) {
      const { device } = gpu;
      devices.add(device);
      const restored = gpen.restore(model, photo);
      // at another moment each time: before the first submit, between them, while the pixels are read
      const moment = i % 4;
      for (let turn = 0; turn < 3 * moment; turn++) await new Promise((done) => setTimeout(done));
      device.destroy();
      const { pixels } = await restored;
      if (pixels.data.every((level, at) => level === whole.data[at])) same++;
    }
    model.dispose();
    gpu.dispose();
    return { same, devices: devices.size };
  }, LOSSES);
  expect(seen).toEqual({ same: LOSSES, devices: LOSSES });
});

test("on a host's device a loss is one sentence, and the model goes on with the device it is given", async () => {
  const page = await openBlank();
  const seen = await page.evaluate(async () => {
    const open = async () => (await navigator.gpu.requestAdapter())!.requestDevice();
    const device = await open();
    const gpu = await gpen.openGpu({ device });
    const model = await gpen.loadGpen(gpu, await staged.smallModel());
    const photo = await staged.picture();
    const { pixels: whole } = await gpen.restore(model, photo);
    const restored = gpen.restore(model, photo).then(
      () => "restored",
      (error: Error) => `${error.name}: ${error.message}`,
    );
    device.destroy();
    const failure = await restored;
    gpu.adopt(await open());
    const { pixels } = await gpen.restore(model, photo);
    const same = pixels.data.every((level, at) => level === whole.data[at]);
    model.dispose();
    return { failure, same };
  });
  expect(seen.failure).toMatch(/^GpuError: [^\n]*lost[^\n]*$/);
  expect(seen.same).toBe(true);
});
