import { expect, test } from "vitest";
import { DEFAULT_LIMITS } from "../../src/graph/limits";
import { canRun, EMBEDDED_CONFIG } from "../../src/index";

/** What canRun asks an adapter for. */
function adapter(features: string[], limits: object = {}, info: object = {}): GPUAdapter {
  return {
    features: new Set(features),
    limits: { ...DEFAULT_LIMITS, ...limits },
    info: { vendor: "acme", architecture: "rocket", device: "", description: "", ...info },
  } as unknown as GPUAdapter;
}

test("a graphics card with f16 takes half of the bytes", async () => {
  const plain = await canRun(512, { on: adapter([]) });
  const half = await canRun(512, { on: adapter(["shader-f16"]) });
  expect([plain.ok, plain.precision, plain.adapter]).toEqual([true, "f32", "acme rocket"]);
  expect([half.ok, half.precision, half.software]).toEqual([true, "f16", false]);
  // published: 71,005,223 parameters; the file has a few buffers more (users of GPEN-BFR-512.pth)
  expect(plain.bytes.file.f32).toBeGreaterThan(284e6);
  expect(plain.bytes.file.f32).toBeLessThan(284.1e6);
  expect(half.bytes.weights).toBeLessThan(0.65 * plain.bytes.weights); // vectors stay f32
  expect(half.bytes.activations).toBeLessThan(0.6 * plain.bytes.activations);
});

test("the embedded model's file is what it says", async () => {
  const { bytes } = await canRun(EMBEDDED_CONFIG, { on: adapter([]) });
  expect(bytes.file.f16).toBeGreaterThan(0.98 * 4_288_186);
  expect(bytes.file.f16).toBeLessThan(4_288_186);
});

test("a software adapter is said to be one, and keeps f32", async () => {
  const on = adapter(["shader-f16"], {}, { architecture: "swiftshader" });
  const said = await canRun(EMBEDDED_CONFIG, { on });
  expect(said).toMatchObject({ ok: true, software: true, precision: "f32" });
  expect(said.adapter).toBe("SwiftShader (software)");
});

test("what does not fit says why, and what could be done", async () => {
  const small = adapter([], { maxBufferSize: 2 ** 22, maxStorageBufferBindingSize: 2 ** 22 });
  const said = await canRun(512, { on: small });
  expect(said.ok).toBe(false);
  expect(said.reason).toMatch(/^.*(exceed|cannot be bound) .*use .*smaller model[^\n]*$/);
  const f16 = await canRun(256, { on: adapter([]), precision: "f16" });
  expect(f16).toMatchObject({ ok: false, precision: "f32" });
  expect(f16.reason).toMatch(/^gpu: acme rocket has no shader-f16; load the model with/);
});

test("where there is no WebGPU: no, in one sentence, with the size of the file", async () => {
  const said = await canRun(256);
  expect(said).toMatchObject({ ok: false, adapter: "", software: false });
  expect(said.reason).toMatch(
    /^gpu: there is no navigator\.gpu; use a browser with WebGPU, over https or on localhost, or in Node openNodeGpu/,
  );
  expect(said.bytes.file.f32).toBeGreaterThan(75e6);
});

test("sizes and configurations that are none are refused", async () => {
  await expect(canRun(300)).rejects.toThrow(/no GPEN of 300 px was published; use 256, 512/);
  const odd = { ...EMBEDDED_CONFIG, inSize: 100 };
  await expect(canRun(odd)).rejects.toThrow(/inSize 100 must be a power of two/);
});
