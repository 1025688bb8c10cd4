import { expect, test } from "vitest";
import { driverIsChosen, openDriver } from "../../src/node/driver";
import { openTestGpu } from "../gpu";

test("the device of a test has exactly the default limits and no features", async () => {
  const { device } = await openTestGpu();
  // WebGPU specification, "limits": the defaults that every adapter must support
  expect(device.limits.maxStorageBufferBindingSize).toBe(128 << 20);
  expect(device.limits.maxComputeWorkgroupStorageSize).toBe(16 << 10);
  expect(device.limits.maxComputeInvocationsPerWorkgroup).toBe(256);
  expect(device.limits.maxStorageBuffersPerShaderStage).toBe(8);
  expect([...device.features].filter((name) => name !== "core-features-and-limits")).toEqual([]);
});

test("a driver that the caller chose is not replaced by another", async () => {
  await openTestGpu();
  const before = process.env.VK_ICD_FILENAMES;
  process.env.VK_ICD_FILENAMES = "/no/such/driver.json";
  try {
    await expect(openDriver("auto")).rejects.toThrow(
      /VK_ICD_FILENAMES is \/no\/such\/driver\.json/,
    );
    await expect(openDriver("software")).rejects.toThrow(/gives no WebGPU adapter/);
  } finally {
    if (before === undefined) delete process.env.VK_ICD_FILENAMES;
    else process.env.VK_ICD_FILENAMES = before;
  }
});

test("an adapter that is not there is refused with what is there", async () => {
  await openTestGpu();
  const { name } = await openDriver("auto");
  const driver = await openDriver(name.slice(0, 5).toUpperCase());
  expect(driver.name).toBe(name);
  await expect(openDriver("no such adapter")).rejects.toThrow(
    driverIsChosen() ? /VK_ICD_FILENAMES/ : /asked for and only .* was found; use --adapter auto/,
  );
});
