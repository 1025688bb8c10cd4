import { onTestFinished, TestRunner } from "vitest";
import { identify } from "../src/gpu/adapter_name";
import { type Gpu, openGpu } from "../src/gpu/open";
import { type Driver, openDriver } from "../src/node/driver";

export interface TestGpuOptions {
  /** Features the test is about; it is skipped on a driver that lacks one. */
  readonly features?: readonly GPUFeatureName[];
  /** Fewest threads that a subgroup must have, where the features include subgroups. */
  readonly subgroupSize?: number;
  /** Limits above the defaults. */
  readonly limits?: Readonly<Record<string, number>>;
}

const SCOPES: readonly GPUErrorFilter[] = ["validation", "out-of-memory", "internal"];

let driver: Promise<Driver> | undefined;

/**
 * Opens, inside a running test, a device with exactly the default limits and no features, so that
 * what passes here runs on every adapter. When the test ends the device is destroyed, and the test
 * fails if WebGPU reported an error that nobody waited for.
 *
 * Without an adapter the test is skipped, or fails where REQUIRE_GPU=1. A driver without a feature
 * in `options` skips it too, or fails where REQUIRE_FEATURES=1 (set for the most capable driver).
 */
export async function openTestGpu(options: TestGpuOptions = {}): Promise<Gpu> {
  driver ??= openDriver("auto");
  const { instance } = await driver.catch((error: Error) => skip(error.message, "REQUIRE_GPU"));
  const adapter = await instance.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) throw new Error("gpu: the adapter that answered before is gone");
  const missing = (options.features ?? []).filter((name) => !adapter.features.has(name));
  const { name } = identify(adapter.info);
  if (missing.length > 0) skip(`${name} has no ${missing.join(", ")}`, "REQUIRE_FEATURES");
  const { subgroupMinSize = 0 } = adapter.info;
  if (subgroupMinSize < (options.subgroupSize ?? 0)) {
    skip(`${name} has subgroups of ${subgroupMinSize} threads`, "REQUIRE_FEATURES");
  }
  const device = await adapter.requestDevice({
    requiredFeatures: [...(options.features ?? [])],
    requiredLimits: options.limits ?? {},
  });
  watch(device);
  return openGpu({ device, adapter });
}

/**
 * Opens a GPU that gets another device when it loses one, as openGpu() in a page does; the test ends
 * with the last of them. `opened` hears of every device.
 */
export async function openLosableGpu(opened: (device: GPUDevice) => void = () => {}): Promise<Gpu> {
  driver ??= openDriver("auto");
  const { instance } = await driver.catch((error: Error) => skip(error.message, "REQUIRE_GPU"));
  const gpu = await openGpu({
    adapter: async () => {
      const adapter = await instance.requestAdapter({ powerPreference: "high-performance" });
      if (!adapter) throw new Error("gpu: the adapter that answered before is gone");
      const request = adapter.requestDevice.bind(adapter);
      adapter.requestDevice = async (descriptor) => {
        const device = await request(descriptor);
        opened(device);
        return device;
      };
      return adapter;
    },
  });
  onTestFinished(() => gpu.dispose());
  return gpu;
}

/** Ends the running test: skipped with a reason, or failed where `variable` is set to 1. */
function skip(reason: string, variable: string): never {
  if (process.env[variable] === "1") throw new Error(`${variable}=1, but ${reason}`);
  const test = TestRunner.getCurrentTest();
  if (!test) throw new Error("openTestGpu must be called inside a test");
  return test.context.skip(reason);
}

function watch(device: GPUDevice): void {
  const errors: string[] = [];
  device.addEventListener("uncapturederror", (event) => errors.push(event.error.message));
  device.lost.then(({ reason, message }) => {
    if (reason !== "destroyed") errors.push(`device lost: ${message}`);
  });
  for (const scope of SCOPES) device.pushErrorScope(scope);
  onTestFinished(async () => {
    for (const _ of SCOPES) {
      const error = await device.popErrorScope().catch(() => null);
      if (error) errors.push(error.message);
    }
    device.destroy();
    if (errors.length > 0) throw new Error(`WebGPU reported: ${errors.join(" | ")}`);
  });
}
