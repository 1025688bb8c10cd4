import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import type { ElementHandle, Page } from "puppeteer";
import { build } from "vite";
import type { Pixels } from "../../src/index";
import { type OpenPage, type OpenPageOptions, openPage } from "./browser";
import { ROOT } from "./servers";

const FOLDER = "out/e2e/site";
let built: Promise<unknown> | undefined;

/** Opens the demo as it is published: built, from a folder of a plain static server, under its CSP. */
export async function openSite(hash = "", options: OpenPageOptions = {}): Promise<OpenPage> {
  built ??= build({
    configFile: `${ROOT}site/vite.config.ts`,
    configLoader: "runner",
    logLevel: "error",
    build: { outDir: `${ROOT}${FOLDER}` },
  });
  await built;
  if (!existsSync(`${ROOT}${FOLDER}/index.html`)) throw new Error(`${FOLDER} was not built`);
  return openPage(`/${FOLDER}/index.html${hash}`, {
    serving: "build",
    width: 1280,
    height: 800,
    ...options,
  });
}

/** Waits until the page's work has ended one way or another, and says how. */
export async function outcome(page: Page): Promise<string> {
  const ended = ["done", "failed", "idle"];
  const state = await page.waitForFunction(
    (wanted) => {
      const { state } = document.body.dataset;
      return wanted.includes(state ?? "") && state;
    },
    { timeout: 90_000, polling: 100 },
    ended,
  );
  return (await state.jsonValue()) as string;
}

/** Restores the example of this name and waits for the result. */
export async function restoreExample(page: Page, name: "whole photo" | "one face") {
  await ready(page);
  await page.click(`[aria-label="Example: ${name}"]`);
  await page.waitForFunction(() => document.body.dataset.state === "working", { polling: 20 });
  return outcome(page);
}

/** Waits until the page knows its graphics card and shows the stored example. */
export async function ready(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      document.getElementById("ready-text")?.textContent !== "" &&
      document.querySelector<HTMLCanvasElement>("#after")!.width > 1,
    { polling: 50 },
  );
}

export const textOf = (page: Page, selector: string) =>
  page.$eval(selector, (element) => (element as HTMLElement).innerText);

/** The pixels of a canvas. */
export async function pixelsOf(page: Page, selector: string): Promise<Pixels> {
  const shown = await page.$eval(selector, (canvas) => {
    const { width, height } = canvas as HTMLCanvasElement;
    const context = (canvas as HTMLCanvasElement).getContext("2d")!;
    return { width, height, data: Array.from(context.getImageData(0, 0, width, height).data) };
  });
  return { ...shown, data: Uint8ClampedArray.from(shown.data) };
}

/** A mean over the after canvas, which changes whenever what is shown does. */
export const shownMean = (page: Page) =>
  page.$eval("#after", (canvas) => {
    const { width, height } = canvas as HTMLCanvasElement;
    const context = (canvas as HTMLCanvasElement).getContext("2d")!;
    const { data } = context.getImageData(0, 0, width, height);
    let sum = 0;
    for (let i = 0; i < data.length; i++) sum += data[i] * ((i % 251) + 1);
    return sum;
  });

/** What shownMean() gives once it is no longer `old`. */
export async function changedMean(page: Page, old: number): Promise<number> {
  for (let i = 0; i < 200; i++) {
    const now = await shownMean(page);
    if (now !== old) return now;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error("what is shown did not change within ten seconds");
}

export async function upload(
  page: Page,
  selector: string,
  name: string,
  content: string | Uint8Array,
): Promise<void> {
  mkdirSync(`${ROOT}out/e2e`, { recursive: true });
  writeFileSync(`${ROOT}out/e2e/${name}`, content);
  const input = (await page.$(selector)) as ElementHandle<HTMLInputElement>;
  await input.uploadFile(`${ROOT}out/e2e/${name}`);
}
