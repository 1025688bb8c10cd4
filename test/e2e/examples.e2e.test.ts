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
    errors: /inline script/i,
  });
  await expectRestored(opened);
  expect(opened.errors).toEqual([]);
  expect(await refusedScript(opened.page), "the policy is in force").toBe("inline");
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

test("a whole photo, under a strict Content-Security-Policy: the face is another, the rest the same", async () => {
  const headers = { "Content-Security-Policy": STRICT };
  const opened = await openPage("/examples/whole_photo/index.html", { serving: "build", headers });
  expect(await statusOf(opened)).toMatch(/^Restored 1 face on /);
  const [face, rest] = await opened.page.evaluate(async () => {
    const shown = document.querySelector("canvas")!.getContext("2d")!;
    const photo = await createImageBitmap(await (await fetch("../photo.jpg")).blob());
    const original = new OffscreenCanvas(512, 512).getContext("2d")!;
    original.drawImage(photo, 0, 0);
    const changed = (x: number, y: number, width: number, height: number) => {
      const before = original.getImageData(x, y, width, height).data;
      const after = shown.getImageData(x, y, width, height).data;
      return after.filter((level, i) => level !== before[i]).length / after.length;
    };
    return [changed(190, 70, 70, 90), changed(0, 300, 512, 212)];
  });
  expect(face).toBeGreaterThan(0.5);
  expect(rest).toBe(0);
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

/** What the policy refuses of a script that the page does not have from its server. */
function refusedScript(page: Page): Promise<string> {
  return page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "0";
    const refused = new Promise<string>((done) =>
      addEventListener("securitypolicyviolation", ({ blockedURI }) => done(blockedURI)),
    );
    document.head.append(script);
    return refused;
  });
}

/** The canvas, as it is shown, is what Node makes of the example. */
async function expectRestored(opened: OpenPage): Promise<void> {
  expect(await statusOf(opened)).toMatch(/^Restored in \d+ ms/);
  const { page } = opened;
  const canvas = await page.$("canvas");
  const shown = await decoded(await canvas!.screenshot());
  expect(psnr(shown, await expectedPixels())).toBeGreaterThanOrEqual(SAME_PICTURE_DB);
}

/** What the example says when it is done, or that it cannot. */
async function statusOf({ page }: OpenPage): Promise<string | null> {
  await page.waitForFunction(
    () => !/^(Restoring|Ready)/.test(document.querySelector("#status")?.textContent ?? "Restoring"),
  );
  return page.$eval("#status", ({ textContent }) => textContent);
}

async function decoded(png: Uint8Array): Promise<Pixels> {
  const raw = sharp(png).ensureAlpha().raw();
  const { data, info } = await raw.toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}
