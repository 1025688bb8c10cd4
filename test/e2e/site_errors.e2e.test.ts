import { expect, test } from "vitest";
import { smallModel } from "../api/models";
import {
  changedMean,
  openSite,
  outcome,
  ready,
  restoreExample,
  shownMean,
  textOf,
  upload,
} from "./site";

declare global {
  /** Devices that the page has opened, in the order in which it did. */
  var opened: GPUDevice[];
}

test("a file that is no picture is refused beside the button that chose it", async () => {
  const { page, screenshot } = await openSite();
  await ready(page);
  await upload(page, "#file", "notes.txt", "not a picture");
  await page.waitForSelector("#open-wrong:not([hidden])");
  expect(await textOf(page, "#open-wrong")).toBe(
    "notes.txt is no picture that this browser can read (it is text/plain); choose a PNG, JPEG, WebP or AVIF.",
  );
  await screenshot("site-no-picture");
});

test("a broken model file is refused in one sentence, and the embedded one can be taken again", async () => {
  const { page, screenshot } = await openSite();
  await restoreExample(page, "whole photo");
  const shown = await shownMean(page);
  await upload(page, "#model-file", "broken.safetensors", "this is no model at all, only a text");
  await page.waitForFunction(() => document.body.dataset.state === "failed");
  // first what a visitor can do, then the library's own sentence for those who know more
  expect(await textOf(page, "#failure-text > span")).toMatch(
    /^This model cannot be used\..*choose another file/,
  );
  expect(await textOf(page, "#failure-text .detail")).toMatch(
    /^The file begins with 74 68 69 73 .*are read\.$/,
  );
  expect(await textOf(page, "#model-wrong")).toBe(await textOf(page, "#failure-text"));
  expect(await textOf(page, "#model-name")).toContain("broken.safetensors");
  await screenshot("site-broken-model");
  // the result before it stays, and answers to the controls though its model is gone
  expect(await shownMean(page)).toBe(shown);
  expect(await page.$("#viewport[data-single]")).toBeNull();
  await page.focus("#strength");
  await page.keyboard.press("Home");
  expect(await changedMean(page, shown)).not.toBe(shown);
  expect(await textOf(page, "#retry")).toBe("Use the embedded model");
  await page.focus("#retry");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.body.dataset.state === "working", { polling: 20 });
  expect(await outcome(page)).toBe("done");
});

test("a photo without a face stays as it is, and can be taken as one face", async () => {
  const { page, screenshot } = await openSite();
  await ready(page);
  await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(64, 48);
    canvas.getContext("2d")!.fillRect(0, 0, 40, 30);
    const given = new DataTransfer();
    given.items.add(new File([await canvas.convertToBlob()], "plain.png", { type: "image/png" }));
    const input = document.querySelector<HTMLInputElement>("#file")!;
    input.files = given.files;
    input.dispatchEvent(new Event("change"));
  });
  await page.waitForFunction(() => document.body.dataset.state === "working", { polling: 20 });
  expect(await outcome(page)).toBe("idle");
  expect(await textOf(page, "#ready-text")).toBe("No face was found; the photo stays as it is.");
  expect(await page.$("#viewport[data-single]"), "nothing to compare").not.toBeNull();
  expect(await page.$("#save[hidden]"), "nothing to keep").not.toBeNull();
  await screenshot("site-no-face");
  await page.click("#again");
  await page.waitForFunction(() => document.body.dataset.state === "working", { polling: 20 });
  expect(await outcome(page)).toBe("done");
  expect(await page.$eval("#aligned", (box) => (box as HTMLInputElement).checked)).toBe(true);
});

test("a model of the visitor's own is read from its file", async () => {
  const { page } = await openSite();
  await ready(page);
  // of another size than the embedded one, which would be taken for it otherwise
  await upload(page, "#model-file", "own.safetensors", await smallModel());
  expect(await restoreExample(page, "one face")).toBe("done");
  expect(await textOf(page, "#model-name")).toMatch(/^own\.safetensors, [\d.]+ MB, 32 px, f32$/);
  expect(await page.$eval("#after", (canvas) => (canvas as HTMLCanvasElement).width)).toBe(32);
});

test("Escape and Cancel end what runs, and the focus goes to what comes instead", async () => {
  const { page } = await openSite();
  await ready(page);
  await page.click('[aria-label="Example: whole photo"]');
  await page.waitForFunction(() => document.body.dataset.state === "working", { polling: 20 });
  await page.focus("#cancel");
  await page.keyboard.press("Escape");
  expect(await outcome(page)).toBe("idle");
  expect(await textOf(page, "#ready-text")).toBe("Cancelled. Nothing was kept of it.");
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("again");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.body.dataset.state === "working", { polling: 20 });
  await page.click("#cancel");
  expect(await outcome(page)).toBe("idle");
});

test("a device that is lost meanwhile is said to be, and the picture still comes", async () => {
  const { page, screenshot } = await openSite("", { before: keepDevices });
  await ready(page);
  await restoreExample(page, "one face");
  await page.click('[aria-label="Example: one face"]');
  await page.waitForFunction(() => document.body.dataset.state === "working", { polling: 20 });
  await page.evaluate(() => opened.at(-1)!.destroy());
  await page.waitForSelector("#notice:not([hidden])");
  expect(await textOf(page, "#notice")).toMatch(/^The graphics device was lost/);
  await screenshot("site-device-lost");
  expect(await outcome(page)).toBe("done");
  expect(await page.evaluate(() => opened.length)).toBe(2);
});

test("without WebGPU the page says what to do, and shows the examples as they were stored", async () => {
  const { page, screenshot } = await openSite("", { before: removeWebGpu });
  await ready(page);
  expect(await textOf(page, "#lead")).toMatch(/gives no WebGPU.*Use Chrome or Edge/s);
  expect(await textOf(page, "#device-wrong > span")).toBe(
    "Nothing: this browser gives this page no graphics card.",
  );
  expect(await textOf(page, "#device-wrong .detail")).toMatch(/navigator\.gpu/);
  const inputs = "#choose, #model-open, #aligned";
  const disabled = await page.$$eval(inputs, (all) => all.map((each) => each.matches(":disabled")));
  expect(disabled).toEqual([true, true, true]);
  await page.click('[aria-label="Example: one face"]');
  await page.waitForFunction(
    () => document.querySelector<HTMLCanvasElement>("#after")!.width === 128,
  );
  await screenshot("site-no-webgpu");
  await page.evaluate(() => {
    location.hash = "#/how";
  });
  await page.waitForSelector(".network[data-still]");
  const empty = await page.$$eval(".stage canvas", (all) =>
    all.flatMap((canvas) =>
      canvas.checkVisibility() && (canvas as HTMLCanvasElement).width < 128
        ? [canvas.parentElement?.id]
        : [],
    ),
  );
  expect(empty, "no frame without a picture").toEqual([]);
  const output = await page.$eval("#stage-rgb128 canvas", (canvas) => canvas.checkVisibility());
  expect(output, "the stored result").toBe(true);
  await screenshot("site-how-no-webgpu");
});

function keepDevices(): void {
  globalThis.opened = [];
  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = async function (descriptor) {
    const device = await requestDevice.call(this, descriptor);
    globalThis.opened.push(device);
    return device;
  };
}

function removeWebGpu(): void {
  Object.defineProperty(Navigator.prototype, "gpu", { value: undefined });
}
