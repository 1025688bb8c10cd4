import { expect, test } from "vitest";
import { psnr } from "../psnr";
import { expectedPixels, SAME_PICTURE_DB } from "./expected";
import { openSite, pixelsOf, textOf } from "./site";

test("how it works: every stage of the network has the activations of the picture", async () => {
  const { page, screenshot } = await openSite("#/how");
  await page.waitForSelector('#how[data-drawn="true"]', { timeout: 90_000 });
  const blank = await page.$$eval(".stage canvas", (canvases) =>
    canvases
      .filter((canvas) => {
        const { width, height } = canvas as HTMLCanvasElement;
        const context = (canvas as HTMLCanvasElement).getContext("2d")!;
        const { data } = context.getImageData(0, 0, width, height);
        return width < 4 || data.every((value, i) => value === data[i % 4]);
      })
      .map((canvas) => canvas.parentElement?.id),
  );
  expect(blank).toEqual([]);
  // before anything was restored the picture is the aligned example
  const output = await pixelsOf(page, "#stage-rgb128 canvas");
  expect(psnr(output, await expectedPixels())).toBeGreaterThanOrEqual(SAME_PICTURE_DB);
  // an encoder of 6 levels and its input, z, w, and a prior of 11 layers and 6 pictures
  expect(await page.$$eval(".stage", (stages) => stages.length)).toBe(7 + 2 + 11 + 6);
  await page.focus("#stage-w");
  expect(await textOf(page, ".explain-text")).toMatch(/^Mapping → w 128 → 128\. 4 fully connected/);
  expect(await page.$$eval(".wire.style[data-on]", (wires) => wires.length)).toBe(11 + 6);
  await screenshot("site-how");
});
