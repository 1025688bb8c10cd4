import { describe, expect, test } from "vitest";
import { adapterName, isSoftware } from "../../src/gpu/adapter_name";
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
    expect(isSoftware(each)).toBe(true);
    expect(adapterName(each)).toBe(name);
  });

  test("hardware is not", () => {
    const nvidia = info({ vendor: "nvidia", architecture: "hopper", device: "nvidia-h200" });
    expect(isSoftware(nvidia)).toBe(false);
    expect(adapterName(nvidia)).toBe("nvidia-h200");
    expect(adapterName(info({ vendor: "apple", architecture: "metal-3" }))).toBe("apple metal-3");
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
