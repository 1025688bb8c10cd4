import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Gpu } from "../../src/gpu/open";
import { loadGpen, restore } from "../../src/index";
import { readImage } from "../../src/node/image";
import { openTestGpu } from "../gpu";
import { psnr } from "../psnr";

const weights = readFileSync(new URL("../../models/gpen-tiny-128.safetensors", import.meta.url));

/** The example picture, as the embedded model restores it. */
async function restored(gpu: Gpu, precision: "f32" | "f16") {
  const model = await loadGpen(gpu, weights, { precision });
  const { pixels, rerun } = await restore(model, await readImage("examples/astronaut.png"));
  const kernels = new Set((await model.network()).program.steps.map(({ kernel }) => kernel.name));
  model.dispose();
  expect(rerun).toBeUndefined();
  return { pixels, kernels };
}

test("what graphics cards run restores the same picture, in f32 and in f16", async () => {
  const gpu = await openTestGpu({ features: ["shader-f16"] });
  const plain = await restored({ ...gpu, software: true }, "f32");
  expect(plain.kernels.has("conv_tile")).toBe(false);
  const card = { ...gpu, software: false };
  const [f32, f16] = [await restored(card, "f32"), await restored(card, "f16")];
  for (const name of ["conv_tile", "sum_parts"]) expect(f32.kernels.has(name), name).toBe(true);
  expect(f32.kernels.has("modulated_conv3x3")).toBe(false);
  // Pixels may round the other way where f32 sums are made in another order.
  expect(psnr(f32.pixels, plain.pixels)).toBeGreaterThan(60);
  expect(psnr(f16.pixels, plain.pixels)).toBeGreaterThanOrEqual(45);
});
