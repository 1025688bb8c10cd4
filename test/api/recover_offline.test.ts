import { expect, test, vi } from "vitest";
import { GpuError } from "../../src/errors";
import { recovering } from "../../src/gpu/recover";
import type { Gpu } from "../../src/index";

vi.mock("../../src/gpu/after_loss", () => {
  throw new TypeError("Failed to fetch dynamically imported module");
});

test("where what follows a loss cannot be loaded, the error is the one that there was", async () => {
  const gpu = { generation: 0, check() {} } as unknown as Gpu;
  const work = () => Promise.reject(new GpuError("run: the device is out of memory"));
  await expect(recovering(gpu, work)).rejects.toThrow("run: the device is out of memory");
});
