import type { Page } from "puppeteer";
import sharp from "sharp";
import { expect, test } from "vitest";
import type { GpenFace } from "../../src/element/face_element";
import type { Pixels } from "../../src/index";
import { psnr } from "../psnr";
import { type OpenPage, openPage } from "./browser";
import { expectedPixels, SAME_PICTURE_DB } from "./expected";
import { buildExample, bundled } from "./package";
import { ROOT } from "./servers";

const STRICT =
  "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' blob: data:; style-src 'self'; worker-src 'self'";

test("one page with a script tag, nothing built", async () => {
  await expectRestored(await openPage("/examples/script_tag/index.html", { serving: "build" }));
});

test("a worker that owns the canvas", async () => {
  await expectRestored(await openPage("/examples/worker/index.html", { serving: "build" }));
});

test("a strict Content-Security-Policy, of the page and of the server", async () => {
  const headers = { "Content-Security-Policy": STRICT };
  const opened = await openPage("/examples/strict_csp/index.html", {
    serving: "build",
    headers,
    errors: /inline script/,
  });
  await expectRestored(opened);
  expect(opened.errors).toEqual([]);
  await addInlineScript(opened.page);
  expect(opened.errors, "the policy was in force").not.toEqual([]);
});

test("an application that draws on a device of its own", async () => {
  await expectRestored(await openPage("/examples/host_device/index.html", { serving: "build" }));
});

test("a project that Vite builds, with the library under node_modules", async () => {
  const opened = await openPage(await buildExample("vite"), { serving: "build" });
  await opened.page.waitForFunction(
    () => /^Ready/.test(document.querySelector("#status")!.textContent!),
    { timeout: 30_000 },
  );
  const input = await opened.page.$("input");
  await input!.uploadFile(`${ROOT}examples/astronaut.png`);
  await expectRestored(opened);
});

test("a bundler keeps the element that a page only imports, and leaves out what it does not use", async () => {
  expect(await bundled('import "gpen-webgpu/element";')).toMatch(/"gpen-face"|`gpen-face`/);
  expect((await bundled('import "gpen-webgpu";')).length).toBeLessThan(100);
});

test("the element, under a strict Content-Security-Policy", async () => {
  const headers = { "Content-Security-Policy": STRICT };
  const opened = await openPage("/examples/element/index.html", { serving: "build", headers });
  const { page } = opened;
  const ready = () => document.querySelector<GpenFace>("gpen-face")?.state === "ready";
  await page.waitForFunction(ready, { timeout: 30_000 });
  const file = await page.evaluate(async () => {
    const blob = await document.querySelector<GpenFace>("gpen-face")!.toBlob();
    return Array.from(new Uint8Array(await blob.arrayBuffer()));
  });
  expect(psnr(await decoded(Uint8Array.from(file)), await expectedPixels())).toBeGreaterThanOrEqual(
    SAME_PICTURE_DB,
  );
  await new Promise((done) => setTimeout(done, 600)); // it fades in
  await opened.screenshot("element");
});

async function addInlineScript(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const script = document.createElement("script");
    script.textContent = "0";
    const refused = new Promise((done) => addEventListener("securitypolicyviolation", done));
    document.head.append(script);
    await refused;
  });
}

/** The canvas, as it is shown, is what Node makes of the example. */
async function expectRestored({ page }: OpenPage): Promise<void> {
  await page.waitForFunction(
    () => !/^Restoring|^Ready/.test(document.querySelector("#status")?.textContent ?? "Restoring"),
  );
  expect(await page.$eval("#status", ({ textContent }) => textContent)).toMatch(
    /^Restored in \d+ ms/,
  );
  const canvas = await page.$("canvas");
  const shown = await decoded(await canvas!.screenshot());
  expect(psnr(shown, await expectedPixels())).toBeGreaterThanOrEqual(SAME_PICTURE_DB);
}

async function decoded(png: Uint8Array): Promise<Pixels> {
  const raw = sharp(png).ensureAlpha().raw();
  const { data, info } = await raw.toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}
