import { type Browser, type Page, PuppeteerError, TimeoutError } from "puppeteer";
import { createServer } from "vite";
import { findChromium, launchChromium } from "../scripts/chromium";
import { deadlineIn } from "./deadline";
import { type PageModelRuns, type PageOptions, queryOf } from "./page/options";
import { pageConfig } from "./page/server";
import { downloadSizes } from "./peers/download_size";
import { hasPeers } from "./peers/install";
import type { BenchResult } from "./result";

export interface BrowserOptions {
  /** The embedded model three times and GPEN-256 once by default. */
  readonly models?: readonly PageModelRuns[];
  /** Every model three times at least, and both patterns of the peer's files. */
  readonly full?: boolean;
  readonly patterns?: PageOptions["patterns"];
  readonly ceilings?: boolean;
  /** Path of a Chromium or Chrome; CHROMIUM_PATH, then the usual places by default. */
  readonly chromium?: string;
  /** The graphics card instead of SwiftShader, which every machine has. */
  readonly hardware?: boolean;
  /** Whether to install onnxruntime-web if it is not there; true by default. */
  readonly install?: boolean;
  /** After this long the browser is closed; 12 minutes by default, an hour with `full`. */
  readonly limitMs?: number;
  /** What the page says it is doing. */
  readonly say?: (line: string) => void;
}

export interface BrowserRun {
  readonly result: BenchResult;
  /** Peers whose picture differs from ours, one sentence each; they were not timed. */
  readonly refused: readonly string[];
  /** Our first output of each model by its name and precision: "tiny f32". */
  readonly outputs: Readonly<Record<string, Float32Array>>;
}

/** On SwiftShader onnxruntime-web takes half a minute to a minute and a half for one GPEN-256. */
const SHORT: readonly PageModelRuns[] = [
  { choice: "tiny", runs: 3 },
  { choice: "256", runs: 1 },
];
const FULL: readonly PageModelRuns[] = [
  { choice: "tiny", runs: 5 },
  { choice: "256", runs: 3 },
];

/**
 * Measures in a real Chromium without a window, on the page that visitors open: fills in the link,
 * presses Run, waits for the result.
 *
 * Errors    Error in one sentence: no Chromium, what the page says went wrong, or the limit of time
 */
export async function measureInBrowser(options: BrowserOptions = {}): Promise<BrowserRun> {
  const { full = false, limitMs = (full ? 60 : 12) * 60_000, hardware = false } = options;
  const path = findChromium(options.chromium);
  const config = pageConfig({ install: options.install ?? true });
  const server = await createServer({ ...config, configFile: false, logLevel: "error" });
  let browser: Browser | undefined;
  try {
    await server.listen();
    browser = await launchChromium({ path, hardware });
    const page = await browser.newPage();
    const link = new URL(
      `?${queryOf(pageOptions(options, limitMs))}`,
      server.resolvedUrls!.local[0],
    );
    const run = await runPage(page, link.href, limitMs, options.say);
    return { ...run, result: await withDownloads(run.result) };
  } finally {
    await browser?.close();
    await server.close();
  }
}

function pageOptions(options: BrowserOptions, limitMs: number): PageOptions {
  const { full = false, models = full ? FULL : SHORT } = options;
  const patterns = options.patterns ?? (full ? ["lean", "published"] : ["lean"]);
  // the last measurement that is begun needs time to end
  const minutes = (0.75 * limitMs) / 60_000;
  return { models, patterns, minutes, ceilings: options.ceilings ?? true };
}

/** Presses Run as a visitor does, and looks four times a second how far it is. */
async function runPage(
  page: Page,
  link: string,
  limitMs: number,
  say: BrowserOptions["say"],
): Promise<BrowserRun> {
  const deadline = deadlineIn(limitMs);
  let last = "opening the page";
  try {
    await page.goto(link, { timeout: limitMs });
    const ready = () => gpenBench.failure !== undefined || gpenBench.ready;
    await page.waitForFunction(ready, { timeout: Math.max(1, deadline.leftMs()) });
    if ((await failureOf(page)) === undefined) await page.click("#run");
    while (!(await page.evaluate(() => gpenBench.run !== undefined))) {
      const failure = await failureOf(page);
      if (failure !== undefined) throw new Error(failure);
      const line = await page.evaluate(() => gpenBench.doing);
      if (line !== undefined && line !== last) say?.(`browser: ${line}`);
      last = line ?? last;
      if (deadline.passed()) throw new TimeoutError(last);
      await new Promise((done) => setTimeout(done, 250));
    }
    return await resultOf(page);
  } catch (error) {
    throw error instanceof PuppeteerError ? inASentence(error, limitMs, last) : error;
  }
}

function inASentence(error: PuppeteerError, limitMs: number, last: string): Error {
  if (error instanceof TimeoutError) {
    return new Error(
      `browser: the page was not done after ${(limitMs / 60_000).toFixed(1)} minutes, it was at "${last}"; allow more time, or fewer models and runs`,
    );
  }
  const [what] = error.message.split("\n");
  return new Error(`browser: Chromium broke off (${what}) at "${last}"; it may lack memory`);
}

async function failureOf(page: Page): Promise<string | undefined> {
  return page.evaluate(() => gpenBench.failure);
}

async function resultOf(page: Page): Promise<BrowserRun> {
  const { pictures, ...run } = await page.evaluate(() => {
    const { result, refused, pictures } = gpenBench.run!;
    const outputs = pictures.map(({ model, precision, ours }) => [
      `${model} ${precision}`,
      Array.from(ours),
    ]);
    return { result, refused, pictures: outputs as [string, number[]][] };
  });
  const outputs = pictures.map(([name, values]) => [name, Float32Array.from(values)] as const);
  return { ...run, outputs: Object.fromEntries(outputs) };
}

/** Bytes of JavaScript and wasm, which the page does not know; 0 where the package is not built. */
async function withDownloads(result: BenchResult): Promise<BenchResult> {
  if (!(await hasPeers())) return result;
  try {
    const { oursBytes, theirsBytes } = await downloadSizes();
    const sizes = { download_bytes: oursBytes, peer_download_bytes: theirsBytes };
    return { ...result, models: result.models.map((row) => ({ ...row, ...sizes })) };
  } catch (error) {
    return { ...result, notes: [...result.notes, (error as Error).message] };
  }
}
