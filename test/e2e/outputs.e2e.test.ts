import sharp from "sharp";
import { expect, test } from "vitest";
import { openBlank } from "./browser";

test("pictures go to canvases, bitmaps and files", async () => {
  const page = await openBlank();
  const differences = await page.evaluate(async () => {
    const gpu = await gpen.openGpu();
    const model = await gpen.loadGpen(gpu, await staged.smallModel());
    const bitmap = await staged.picture();
    const { pixels } = await gpen.restore(model, bitmap);
    const differ = async (source: CanvasImageSource) => {
      const context = new OffscreenCanvas(pixels.width, pixels.height).getContext("2d")!;
      context.drawImage(source, 0, 0);
      const { data } = context.getImageData(0, 0, pixels.width, pixels.height);
      return Math.max(...data.map((v, i) => Math.abs(v - pixels.data[i])));
    };
    const canvas = document.createElement("canvas");
    document.body.style.margin = "0";
    document.body.replaceChildren(canvas);
    await gpen.restoreTo(model, bitmap, canvas);
    const flat = document.createElement("canvas");
    flat.getContext("2d");
    await gpen.restoreTo(model, bitmap, flat);
    const offscreen = new OffscreenCanvas(1, 1);
    await gpen.restoreTo(model, bitmap, offscreen);
    const refusal = await gpen
      .restoreTo(model, bitmap, withContext("bitmaprenderer"))
      .catch((error: Error) => error.message);
    function withContext(kind: string) {
      const other = document.createElement("canvas");
      other.getContext(kind);
      return other;
    }
    return {
      sizes: [canvas.width, flat.height, offscreen.width],
      pixels: Array.from(pixels.data),
      flat: await differ(flat),
      offscreen: await differ(offscreen),
      bitmap: await differ(await gpen.toBitmap(pixels)),
      png: await differ(await createImageBitmap(await gpen.toBlob(pixels))),
      jpeg: (await gpen.toBlob(pixels, { type: "image/jpeg", quality: 0.5 })).type,
      refusal,
    };
  });
  // A canvas that was shown is empty to scripts in Chromium, so what people see is compared.
  const seen = await page.screenshot({ clip: { x: 0, y: 0, width: 32, height: 32 } });
  const shown = await sharp(seen).ensureAlpha().raw().toBuffer();
  expect([...shown]).toEqual(differences.pixels);
  expect(differences).toEqual({
    ...{ sizes: [32, 32, 32], pixels: differences.pixels },
    ...{ flat: 0, offscreen: 0, bitmap: 0, png: 0, jpeg: "image/jpeg" },
    refusal: "restore: the canvas has a context of another kind; pass a new canvas",
  });
});
