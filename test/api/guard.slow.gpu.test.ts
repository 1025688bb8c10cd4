import { expect, test } from "vitest";
import { GpuError, loadGpen, restore, restoreFaces } from "../../src/index";
import { openTestGpu } from "../gpu";
import { type Change, countBuffers, expectLevels, photo, smallModel } from "./models";

const face = photo(32, 32);
const F16 = { features: ["shader-f16"] } as const;
const scale = (factor: number) => (values: Float32Array) => values.map((v) => factor * v);

/** ecd0's features beyond f16's 65,504, undone by all that reads them: a power of two rounds nothing. */
const BEYOND_F16: Change = (name, values) => {
  if (name.startsWith("ecd0.")) return scale(2 ** 18)(values);
  const undone = name === "ecd1.0.1.weight" || /convs\.[45]\.noise\.weight/.test(name);
  return undone ? scale(2 ** -18)(values) : values;
};

test("f16 that overflows is computed again in f32, and says so", async () => {
  const gpu = await openTestGpu(F16);
  const reference = await loadGpen(gpu, await smallModel(), { precision: "f32" });
  const want = (await restore(reference, face)).pixels;
  const model = await loadGpen(gpu, await smallModel(BEYOND_F16), { precision: "f16" });
  for (const round of [1, 2]) {
    const { pixels, precision, rerun } = await restore(model, face);
    expect([precision, rerun], `round ${round}`).toEqual([
      "f32",
      expect.stringMatching(/^f16 gave (\d+ numbers that are NaN or infinite|a flat picture)/),
    ]);
    // scaling by powers of two is exact, so that even the last bits agree
    expect(pixels).toEqual(want);
  }
  const batch = await restoreFaces(model, [photo(32, 32, 2), face]);
  expect(batch[1]).toMatchObject({ precision: "f32", rerun: expect.stringMatching(/^f16 gave /) });
  expect(batch[1].pixels).toEqual(want);
});

test("f16 that stays in range is not computed again", async () => {
  const gpu = await openTestGpu(F16);
  const [f16, f32] = await Promise.all(
    (["f16", "f32"] as const).map(async (precision) =>
      restore(await loadGpen(gpu, await smallModel(), { precision }), face),
    ),
  );
  expect([f16.precision, f16.rerun]).toEqual(["f16", undefined]);
  expect(f16.pixels).not.toEqual(f32.pixels);
  // 11 bits of significand over some 15 layers: a few levels in the worst pixel
  expectLevels(f16.pixels, f32.pixels.data, 8);
});

test("a flat picture of f16 is computed again; in f32 one colour may be what it is", async () => {
  const gpu = await openTestGpu(F16);
  const grey = await smallModel((name, values) => {
    return /to_rgb/.test(name) && /conv\.weight|bias/.test(name) ? scale(0)(values) : values;
  });
  const f16 = await restore(await loadGpen(gpu, grey, { precision: "f16" }), face);
  expect([f16.precision, f16.rerun]).toEqual(["f32", "f16 gave a flat picture (0 to 0)"]);
  const f32 = await restore(await loadGpen(gpu, grey, { precision: "f32" }), face);
  expect(f32.rerun).toBeUndefined();
  // 0 is the middle of -1 to 1: between levels 127 and 128
  expectLevels(
    f32.pixels,
    f32.pixels.data.map((_, i) => (i % 4 === 3 ? 255 : 128)),
    1,
  );
});

test("numbers that are not finite in f32 are an error, and leave no buffer behind", async () => {
  const gpu = await openTestGpu();
  const bytes = await smallModel((name, values) => {
    return /to_rgb[^/]*\d\.bias/.test(name) ? values.map(() => 3e38) : values;
  });
  const model = await loadGpen(gpu, bytes);
  const failing = () => restore(model, face).catch((error: Error) => error);
  await failing(); // makes the programs around the network, which stay
  const buffers = countBuffers(gpu.device);
  const failure = await failing();
  expect(failure).toBeInstanceOf(GpuError);
  expect((failure as Error).message).toMatch(
    /^restore: the network gives 3072 numbers that are NaN or infinite even in f32; [^\n]+$/,
  );
  expect([buffers.live(), buffers.made() > 0]).toEqual([0, true]);
});

test("f16 is refused where shaders cannot store it, and auto takes f32", async () => {
  const gpu = await openTestGpu();
  const bytes = await smallModel();
  await expect(loadGpen(gpu, bytes, { precision: "f16" })).rejects.toThrow(
    /has no shader-f16; load the model with precision "f32" or "auto"/,
  );
  expect((await loadGpen(gpu, bytes)).precision).toBe("f32");
  await expect(loadGpen(gpu, bytes, { precision: "fp16" as "f16" })).rejects.toThrow(
    /^gpu: precision fp16 must be "auto", "f16" or "f32"$/,
  );
});
