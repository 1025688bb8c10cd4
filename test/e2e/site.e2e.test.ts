import type { Page } from "puppeteer";
import { expect, test } from "vitest";
import { psnr } from "../psnr";
import { expectedPixels, SAME_PICTURE_DB } from "./expected";
import { changedMean, openSite, pixelsOf, ready, restoreExample, shownMean, textOf } from "./site";

test("the demo opens with a stored example, and says what computes and what will be fetched", async () => {
  const { page, screenshot } = await openSite();
  await ready(page);
  expect(await textOf(page, "#ready-text")).toMatch(
    /^Ready on .*\. The model, 4\.3 MB, is fetched/,
  );
  expect(await textOf(page, "#device")).toMatch(/\(software\)\s+Kind\s+software/);
  expect(await textOf(page, "#model-fits")).toMatch(/^Fits this device: f32, \d+ MB/);
  expect(await page.$$eval("#after", ([canvas]) => (canvas as HTMLCanvasElement).width)).toBe(512);
  await screenshot("site-open");
});

test("a whole photo: its face is found, restored, pasted, and answers to the controls at once", async () => {
  const { page, screenshot } = await openSite();
  expect(await restoreExample(page, "whole photo")).toBe("done");
  expect(await textOf(page, "#faces-note")).toMatch(/^1 face found/);
  expect(await textOf(page, "#timeline")).toMatch(/Find faces.*Cut out.*Network/s);
  await screenshot("site-photo");

  const restored = await shownMean(page);
  await page.click("#contact input");
  const without = await changedMean(page, restored);
  expect(without).toBe(await beforeMean(page)); // switched off, every byte is the photo's
  await page.click("#contact input");
  expect(await changedMean(page, without)).toBe(restored);

  await page.focus("#strength");
  await page.keyboard.press("Home");
  expect(await textOf(page, "#strength-value")).toBe("0 %");
  const faint = await changedMean(page, restored);
  await page.keyboard.press("End");
  expect(await changedMean(page, faint)).toBe(restored);
  await page.click("#colour");
  await changedMean(page, restored);

  await page.click("#contact .frame");
  expect(Number.parseInt(await textOf(page, "#zoom"), 10)).toBeGreaterThan(200);
});

test("the published models are listed, and which of them fit, also while the browser is busy", async () => {
  const { page } = await openSite();
  await ready(page);
  await page.evaluate(() => {
    // as Chromium's, which answers when what runs on the device has ended
    GPU.prototype.requestAdapter = () => new Promise(() => {});
    document.querySelector<HTMLElement>("#published-details summary")!.click();
  });
  await page.waitForFunction(
    () => /^[^…]+$/.test(document.getElementById("published")!.innerText),
    { timeout: 5000 },
  );
  const fits = await page.$$eval("#published li .soft", (all) => all.map((fit) => fit.innerHTML));
  expect(fits.length).toBeGreaterThan(2);
  for (const fit of fits) expect(fit).toMatch(/^Fits this device: f32, \d+ MB of its memory\.$/);
});

test("one aligned face is restored as Node restores it", async () => {
  const { page } = await openSite();
  expect(await restoreExample(page, "one face")).toBe("done");
  const shown = await pixelsOf(page, "#after");
  expect(psnr(shown, await expectedPixels())).toBeGreaterThanOrEqual(SAME_PICTURE_DB);
  await page.click("#download");
  await page.waitForFunction(() => document.getElementById("saved")?.textContent !== "");
  expect(await textOf(page, "#saved")).toMatch(/^astronaut-restored\.png, \d+ kB\.$/);
});

test("the line moves by keys and by pointer; wheel, buttons and keys zoom", async () => {
  const { page } = await openSite();
  await ready(page);
  const line = () => page.$eval("#split", (split) => Number(split.getAttribute("aria-valuenow")));
  const zoom = async () => Number.parseInt(await textOf(page, "#zoom"), 10);
  expect(
    await line(),
    "the example opens with its face in the middle, and the line through it",
  ).toBe(50);
  await page.click("#zoom-fit");
  expect(await line(), "the line stays on the face").toBe(44);
  await page.focus("#split");
  await page.keyboard.press("ArrowRight");
  expect(await line()).toBe(46);
  await page.keyboard.press("PageDown");
  expect(await line()).toBe(36);
  await page.keyboard.press("Home");
  expect(await line()).toBe(0);
  const { x, y, width, height } = (await (await page.$("#sheet"))!.boundingBox())!;
  await page.mouse.move(x + 4, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + 0.75 * width, y + height / 2);
  await page.mouse.up();
  expect(await line()).toBe(75);

  const whole = await zoom();
  await page.keyboard.press("+");
  expect(await zoom()).toBeGreaterThan(whole);
  await page.keyboard.press("0");
  expect(await zoom()).toBe(whole);
  await page.keyboard.press("+");
  await page.keyboard.press("Escape");
  expect(await zoom()).toBe(whole);
  await page.mouse.wheel({ deltaY: -150 });
  await page.waitForFunction(
    (old) => document.getElementById("zoom")!.innerText !== old,
    {},
    `${whole} %`,
  );
  expect(await zoom()).toBeCloseTo(whole * Math.SQRT2, -1);
  await page.click("#zoom-fit");
  expect(await zoom()).toBe(whole);
  await page.click("#zoom-in");
  expect(await zoom()).toBeGreaterThan(whole);
});

test("a picture can be dropped and pasted", async () => {
  const { page } = await openSite();
  await ready(page);
  for (const type of ["drop", "paste"] as const) {
    const taken = await page.evaluate(async (type) => {
      const canvas = new OffscreenCanvas(40, 30);
      canvas.getContext("2d")!.fillRect(0, 0, 10, 10);
      const given = new DataTransfer();
      given.items.add(
        new File([await canvas.convertToBlob()], `${type}.png`, { type: "image/png" }),
      );
      const event =
        type === "drop"
          ? new DragEvent("drop", { dataTransfer: given, bubbles: true, cancelable: true })
          : new ClipboardEvent("paste", { bubbles: true });
      // Firefox's constructor leaves it out
      if (type === "paste") Object.defineProperty(event, "clipboardData", { value: given });
      const target = document.querySelector("#viewport")!;
      // A browser drops only on what stops dragover, and opens the file itself unless drop is stopped.
      const over = new DragEvent("dragover", { bubbles: true, cancelable: true });
      return [over, event].map((event) => !target.dispatchEvent(event));
    }, type);
    if (type === "drop") expect(taken).toEqual([true, true]);
    await page.waitForFunction(
      () => document.querySelector<HTMLCanvasElement>("#before")!.width === 40,
    );
    await page.click("#cancel");
    await page.evaluate(() => {
      document.querySelector<HTMLCanvasElement>("#before")!.width = 1;
    });
  }
});

const beforeMean = (page: Page) =>
  page.$eval("#before", (canvas) => {
    const { width, height } = canvas as HTMLCanvasElement;
    const context = (canvas as HTMLCanvasElement).getContext("2d")!;
    const { data } = context.getImageData(0, 0, width, height);
    let sum = 0;
    for (let i = 0; i < data.length; i++) sum += data[i] * ((i % 251) + 1);
    return sum;
  });

test("a video is restored while it plays, until it is stopped", async () => {
  const { page, screenshot } = await openSite();
  await ready(page);
  await page.evaluate(recordVideo);
  await page.waitForFunction(
    () => document.getElementById("doing")?.innerText.includes("frames a"),
    {
      timeout: 50_000,
    },
  );
  await screenshot("site-video");
  expect(await textOf(page, "#doing")).toMatch(/^example\.webm: [\d.]+ frames a second/);
  await page.click("#video-stop");
  await page.waitForFunction(() => document.getElementById("ready-text")?.innerText === "Stopped.");
  expect(
    await page.$("#adjust[hidden]"),
    "strength does not act on the frame that is left",
  ).not.toBeNull();
});

/** Half a second of the aligned example, given to the page as a file that was picked. */
async function recordVideo(): Promise<void> {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 192;
  const image = document.querySelector<HTMLImageElement>('[aria-label$="one face"] img')!;
  const draw = () => canvas.getContext("2d")!.drawImage(image, 0, 0, 192, 192);
  const timer = setInterval(draw, 50);
  const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: "video/webm" });
  const chunks: Blob[] = [];
  recorder.ondataavailable = ({ data }) => chunks.push(data);
  recorder.start();
  await new Promise((done) => setTimeout(done, 700));
  const stopped = new Promise((done) => {
    recorder.onstop = done;
  });
  recorder.stop();
  await stopped;
  clearInterval(timer);
  const given = new DataTransfer();
  given.items.add(new File(chunks, "example.webm", { type: "video/webm" }));
  const input = document.querySelector<HTMLInputElement>("#video-input")!;
  input.files = given.files;
  input.dispatchEvent(new Event("change"));
}
