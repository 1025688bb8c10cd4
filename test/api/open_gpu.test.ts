import { expect, test } from "vitest";
import { recovering } from "../../src/gpu/recover";
import { type Gpu, GpuError, openGpu } from "../../src/index";

/** What openGpu() needs of a device, and whether it was destroyed. */
function fakeDevice() {
  let lose: (info: { reason: string; message: string }) => void = () => {};
  const lost = new Promise((done) => {
    lose = done;
  });
  const device = {
    lost,
    features: new Set(),
    limits: {},
    queue: { onSubmittedWorkDone: async () => {} },
    destroyed: false,
    destroy() {
      device.destroyed = true;
      lose({ reason: "destroyed", message: "" });
    },
  };
  return device;
}

type Fake = ReturnType<typeof fakeDevice>;

const asDevice = (fake: Fake) => fake as unknown as GPUDevice;

/** Adapters, each with a device of its own, that come when they are let. */
function fakeAdapters() {
  const devices: Fake[] = [];
  let wait: Promise<void> = Promise.resolve();
  const adapter = async () => {
    const requestDevice = async () => {
      await wait;
      const device = fakeDevice();
      devices.push(device);
      return device;
    };
    return { features: new Set(), limits: {}, info: {}, requestDevice } as unknown as GPUAdapter;
  };
  const hold = () => {
    let release = () => {};
    wait = new Promise((done) => {
      release = done;
    });
    return release;
  };
  return { devices, adapter, hold };
}

/** A GPU that has lost its device and is about to get another. */
async function recoveringGpu() {
  const { devices, adapter, hold } = fakeAdapters();
  const gpu = await openGpu({ adapter });
  const release = hold();
  devices[0].destroy();
  await devices[0].lost;
  const recovered = gpu.recover();
  await new Promise((done) => setTimeout(done, 20));
  return { gpu, devices, release, recovered };
}

test("dispose() destroys the device that was opened, of an adapter of the caller's too", async () => {
  for (const given of ["function", "adapter"]) {
    const { devices, adapter } = fakeAdapters();
    const gpu = await openGpu({ adapter: given === "adapter" ? await adapter() : adapter });
    gpu.dispose();
    expect(devices[0].destroyed, given).toBe(true);
    await devices[0].lost;
    expect(() => gpu.check()).toThrow("it was disposed of; open another");
  }
});

test("a device that arrives after dispose() is destroyed", async () => {
  const { gpu, devices, release, recovered } = await recoveringGpu();
  gpu.dispose();
  release();
  await recovered;
  expect(devices.map(({ destroyed }) => destroyed)).toEqual([true, true]);
  expect(() => gpu.check()).toThrow("it was disposed of; open another");
});

test("a device that arrives after adopt() does not take the caller's place", async () => {
  const { gpu, devices, release, recovered } = await recoveringGpu();
  const own = fakeDevice();
  gpu.adopt(asDevice(own));
  release();
  await recovered;
  expect(gpu.device).toBe(own);
  expect([devices[1].destroyed, own.destroyed]).toEqual([true, false]);
  gpu.check();
});

test("work that fails just before another call recovers the device is done again, on one device", async () => {
  const { devices, adapter } = fakeAdapters();
  const gpu: Gpu = await openGpu({ adapter });
  let runs = 0;
  const work = recovering(gpu, async () => {
    if (++runs === 1) throw new GpuError("run: reading y back failed");
    return runs;
  });
  devices[0].destroy();
  await devices[0].lost;
  await gpu.recover();
  expect(await work).toBe(2);
  expect([devices.length, gpu.generation]).toEqual([2, 1]);
});

test("what the device had no part in is thrown as it is, and nothing is done again", async () => {
  const { devices, adapter } = fakeAdapters();
  const gpu: Gpu = await openGpu({ adapter });
  for (const cause of [new DOMException("", "AbortError"), new TypeError("x"), "a word", null]) {
    let runs = 0;
    const work = recovering(gpu, async () => {
      runs++;
      throw cause;
    });
    expect(await work.catch((error) => error)).toBe(cause);
    expect(runs).toBe(1);
  }
  const fault = new GpuError("run: WebGPU rejected a command"); // on a device that lasts
  await expect(recovering(gpu, () => Promise.reject(fault))).rejects.toBe(fault);
  expect(devices.length).toBe(1);
});
