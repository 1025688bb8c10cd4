import { expect, test } from "vitest";
import { SMALL, smallModel } from "../api/models";
import { psnr } from "../psnr";
import { expectedPixels, SAME_PICTURE_DB } from "./expected";
import { openSite, pixelsOf, ready, textOf, upload } from "./site";

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

/** A network of 1024 px with one or two channels where the published ones have 32. */
const LARGE = { ...SMALL, inSize: 1024, outSize: 1024, channelMultiplier: 2 };

test("a network of 1024 px is drawn too, and where its memory is not free the page says so", async () => {
  const before = () => {
    const pop = GPUDevice.prototype.popErrorScope;
    GPUDevice.prototype.popErrorScope = async function () {
      const error = await pop.call(this);
      return "full" in window ? new GPUOutOfMemoryError("no room") : error;
    };
  };
  const { page } = await openSite("", { before });
  await ready(page);
  await upload(page, "#model-file", "large.safetensors", await smallModel(undefined, LARGE));
  const goTo = (hash: string) =>
    page.evaluate((to) => {
      location.hash = to;
    }, hash);
  await goTo("#/how");
  await page.waitForSelector('#how[data-drawn="true"]', { timeout: 50_000 });
  const drawn = await page.evaluate(() => [
    document.querySelectorAll(".stage").length,
    document.querySelector<HTMLCanvasElement>("#stage-rgb1024 canvas")?.width,
  ]);
  expect(drawn).toEqual([10 + 2 + 17 + 9, 1024]);
  await page.evaluate(() => Object.assign(window, { full: true }));
  await goTo("#/");
  await goTo("#/how");
  await page.waitForFunction(() =>
    document.querySelector(".how-status")?.textContent?.startsWith("Drawing this network"),
  );
  expect(await textOf(page, ".how-status")).toMatch(
    /^Drawing this network of 1024 px takes \d+ MB more of the graphics card's memory, which are not free; close other tabs that use it, or choose a smaller model\.$/,
  );
});
