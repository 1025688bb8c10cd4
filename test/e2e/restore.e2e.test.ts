import { expect, test } from "vitest";
import { psnr } from "../psnr";
import { openBlank } from "./browser";
import { expectedPixels, SAME_PICTURE_DB } from "./expected";

test("a page restores the example as Node does", async () => {
  const page = await openBlank();
  const restored = await page.evaluate(async () => {
    const gpu = await gpen.openGpu();
    const model = await gpen.loadGpen(gpu, "/models/gpen-tiny-128.safetensors", {
      precision: "f32",
    });
    const { pixels } = await gpen.restore(model, await staged.picture());
    model.dispose();
    gpu.dispose();
    return { ...pixels, data: Array.from(pixels.data) };
  });
  const pixels = { ...restored, data: Uint8ClampedArray.from(restored.data) };
  expect(psnr(pixels, await expectedPixels())).toBeGreaterThanOrEqual(SAME_PICTURE_DB);
});
