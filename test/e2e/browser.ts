import { mkdirSync } from "node:fs";
import type { Browser, Page } from "puppeteer";
import { afterAll, onTestFinished, TestRunner } from "vitest";
import { findChromium, launchChromium } from "../../scripts/chromium";
import { findFirefox, launchFirefox } from "../../scripts/firefox";
import { ROOT, type Served, type ServeOptions, type Serving, serve } from "./servers";

export interface OpenPageOptions extends ServeOptions {
  /** "source" by default. */
  readonly serving?: Serving;
  /** Errors of the page that the test is about; all others fail it. */
  readonly errors?: RegExp;
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: "light" | "dark";
  readonly reducedMotion?: boolean;
  /** Runs in the page before its own scripts. */
  readonly before?: () => void;
}

export interface OpenPage {
  readonly page: Page;
  readonly origin: string;
  /** What went wrong in the page so far. */
  readonly errors: readonly string[];
  /** Writes out/e2e/NAME.png, or out/e2e/firefox/NAME.png: to look at, and kept by CI. */
  screenshot(name: string): Promise<void>;
}

/** Without these a canvas with a WebGPU context stays blank in a Chromium that has no graphics card. */
const PRESENTING = ["--use-gl=angle", "--use-angle=vulkan", "--use-vulkan=swiftshader"];

/** A camera that shows a test card, and no question whether the page may use it. */
const CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];

/** Whether Firefox, on lavapipe, is driven instead of Chromium, on SwiftShader. */
export const FIREFOX = process.env.E2E_BROWSER === "firefox";

let browser: Promise<Browser> | undefined;
const servers = new Map<string, Promise<Served>>();

afterAll(async () => {
  await (await browser?.catch(() => undefined))?.close();
  for (const server of servers.values()) await (await server).close();
});

/**
 * Opens, inside a running test, a page of the repository in the browser: one per test file, one
 * page per test. When the test ends the page is closed, and the test fails if the page logged an
 * error, threw one that nobody caught, or asked any other host for anything.
 *
 * Without the browser the test is skipped, or fails where REQUIRE_GPU=1.
 */
export async function openPage(path: string, options: OpenPageOptions = {}): Promise<OpenPage> {
  browser ??= launch(browserHere());
  const { origin } = await served(options);
  const page = await (await browser).newPage();
  const errors: string[] = [];
  watch(page, origin, errors);
  onTestFinished(async () => {
    if (!page.isClosed()) await page.close();
    const unexpected = errors.filter((error) => !options.errors?.test(error));
    if (unexpected.length > 0) throw new Error(`the page reported: ${unexpected.join(" | ")}`);
  });
  await prepare(page, options);
  await page.goto(new URL(path, origin).href);
  return { page, origin, errors, screenshot: (name) => screenshot(page, name) };
}

async function prepare(page: Page, options: OpenPageOptions): Promise<void> {
  const { width = 900, height = 700, colorScheme = "light", reducedMotion = false } = options;
  await page.setViewport({ width, height });
  if (!FIREFOX)
    await page.emulateMediaFeatures([
      { name: "prefers-color-scheme", value: colorScheme },
      { name: "prefers-reduced-motion", value: reducedMotion ? "reduce" : "no-preference" },
    ]);
  if (options.before) await page.evaluateOnNewDocument(options.before);
}

function served(options: OpenPageOptions): Promise<Served> {
  const { serving = "source", headers = {}, plugins = [] } = options;
  const name = JSON.stringify([serving, headers, plugins.map((plugin) => plugin.name)]);
  const server = servers.get(name) ?? serve(serving, options);
  servers.set(name, server);
  return server;
}

function watch(page: Page, origin: string, errors: string[]): void {
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    if (message.type() !== "error") return;
    errors.push(`${message.text()} (${message.location().url ?? ""})`);
  });
  page.on("request", (request) => {
    const { protocol, origin: asked } = new URL(request.url());
    if (protocol.startsWith("http") && asked !== origin) errors.push(`${asked} was asked`);
  });
}

async function screenshot(page: Page, name: string): Promise<void> {
  const folder = `${ROOT}out/e2e${FIREFOX ? "/firefox" : ""}`;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: `${folder}/${name}.png` });
}

function launch(path: string): Promise<Browser> {
  if (FIREFOX) return launchFirefox(path);
  return launchChromium({ path, flags: [...PRESENTING, ...CAMERA] });
}

function browserHere(): string {
  try {
    return FIREFOX ? findFirefox() : findChromium();
  } catch (error) {
    if (process.env.REQUIRE_GPU === "1") throw error;
    const test = TestRunner.getCurrentTest();
    if (!test) throw new Error("openPage must be called inside a test");
    return test.context.skip((error as Error).message);
  }
}

/** A page with the library as `gpen` and what tests stage as `staged`, and nothing else. */
export async function openBlank(): Promise<Page> {
  const { page } = await openPage("/test/e2e/pages/blank.html");
  await page.waitForFunction(() => "gpen" in window);
  return page;
}
