import { describe, expect, test } from "vitest";
import { identify } from "../../src/gpu/adapter_name";
import { driverIsChosen } from "../../src/node/driver";

function info(fields: Partial<GPUAdapterInfo>): GPUAdapterInfo {
  const empty = { vendor: "", architecture: "", device: "", description: "" };
  return { ...empty, isFallbackAdapter: false, ...fields } as GPUAdapterInfo;
}

describe("a software adapter is named as such, whatever Dawn says of it", () => {
  test.each([
    [info({ description: "llvmpipe: Mesa 25.0.7 (LLVM 15.0.6)" }), "llvmpipe (software)"],
    [info({ device: "llvmpipe-llvm-15-0-6-256-bits-" }), "llvmpipe (software)"],
    [info({ architecture: "swiftshader" }), "SwiftShader (software)"],
    [info({ device: "Microsoft Basic Render Driver" }), "Microsoft Basic Render Driver (software)"],
    [info({ device: "some cpu", isFallbackAdapter: true }), "some cpu (software)"],
  ])("%# is software", (each, name) => {
    expect(identify(each)).toEqual({ name, software: true });
  });

  test("hardware is not", () => {
    const nvidia = info({ vendor: "nvidia", architecture: "hopper", device: "nvidia-h200" });
    const apple = info({ vendor: "apple", architecture: "metal-3" });
    expect(identify(nvidia)).toEqual({ name: "nvidia-h200", software: false });
    expect(identify(apple)).toEqual({ name: "apple metal-3", software: false });
    expect(identify({})).toEqual({ name: "unnamed adapter", software: false });
  });
});

test("a driver that the caller chose is known as chosen", () => {
  const before = process.env.VK_ICD_FILENAMES;
  process.env.VK_ICD_FILENAMES = "/some/driver.json";
  expect(driverIsChosen()).toBe(true);
  process.env.VK_ICD_FILENAMES = "";
  expect(driverIsChosen()).toBe(Boolean(process.env.VK_DRIVER_FILES));
  if (before === undefined) delete process.env.VK_ICD_FILENAMES;
  else process.env.VK_ICD_FILENAMES = before;
});
