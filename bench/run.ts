import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Gpu } from "../src/gpu/open";
import { openNodeGpu } from "../src/node/gpu";
import { openCeilings } from "./ceilings";
import { checkComparable, compareResults, readResult } from "./compare";
import { deadlineIn } from "./deadline";
import { commitOf, environmentOf } from "./environment";
import { measureKernels } from "./kernels";
import type { Layer } from "./layers";
import type { BenchOptions } from "./options";
import { htmlReport } from "./report/html";
import { terminalReport } from "./report/terminal";
import type { BenchResult } from "./result";
import { listLayers, selectLayers } from "./select";
import { measureWhole, type Whole } from "./whole";

/** Of the time there is, what peers and whole models may take; the kernels have the rest. */
const WHOLE_SHARE = 0.7;

const NONE: Whole = { peers: [], models: [], refused: [], notes: [] };

/** Measures what `options` say, prints and writes it; 1 if anything was wrong or got slower. */
export async function runBench(options: BenchOptions): Promise<number> {
  try {
    if (!options.list) return await measureAndReport(options);
    process.stdout.write(listLayers(await selectLayers(options)));
    return 0;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    process.stderr.write(`${error.message}\n`);
    return error.name === "UsageError" ? 2 : 1;
  }
}

async function measureAndReport(options: BenchOptions): Promise<number> {
  const layers = options.suite === "peers" ? [] : await selectLayers(options);
  const before = options.compare === undefined ? undefined : await readResult(options.compare);
  const gpu = await openNodeGpu({ adapter: options.adapter });
  try {
    say(`adapter  ${gpu.name}`);
    if (before) checkComparable(before, environmentOf(gpu));
    const { result, refused } = await measure(gpu, layers, options);
    const browser = wantsBrowser(options) ? await inBrowser(gpu, options) : undefined;
    const all = { ...result, notes: [...result.notes, ...(browser?.notes ?? [])] };
    process.stdout.write(`${terminalReport(all)}\n`);
    if (browser?.result) process.stdout.write(`\n${terminalReport(browser.result)}\n`);
    await writeResult(all, browser?.result, options);
    const compared = before && compareResults(before, result);
    if (compared) process.stdout.write(`\n${compared.lines.join("\n")}\n`);
    return refused || browser?.refused || compared?.slower ? 1 : 0;
  } finally {
    gpu.dispose();
  }
}

function wantsBrowser({ browser, full, suite, kernel }: BenchOptions): boolean {
  return browser || (full && suite === "all" && kernel === undefined);
}

/** The same in Chromium; that there is none, or that it fails, is a note. */
async function inBrowser(gpu: Gpu, { full }: BenchOptions) {
  say("in the browser");
  try {
    // loaded here, because a driver of browsers is heavy
    const { measureInBrowser } = await import("./browser");
    const { result, refused } = await measureInBrowser({ full, hardware: !gpu.software, say });
    return { result, refused: refused.length > 0, notes: [...refused] };
  } catch (error) {
    return { result: undefined, refused: false, notes: [(error as Error).message] };
  }
}

async function measure(gpu: Gpu, layers: readonly Layer[], options: BenchOptions) {
  const deadline = deadlineIn(options.full ? Number.POSITIVE_INFINITY : options.minutes * 60_000);
  const meter = await openCeilings(gpu);
  try {
    say("measuring the ceilings");
    await meter.measure();
    const kernelsOnly = options.suite === "kernels" || options.kernel !== undefined;
    const share = options.suite === "peers" ? 1 : WHOLE_SHARE;
    const whole = kernelsOnly ? NONE : await measureWhole(gpu, options, deadline.part(share), say);
    await meter.measure();
    const { rows, refused, notes } = await measureKernels(gpu, layers, meter, {
      precision: options.precision,
      deadline,
      onLayer: ({ node, shape }, i, of) => say(`${i + 1}/${of} ${node.kernel.name} ${shape}`),
    });
    await meter.measure();
    const wrong = [...whole.refused, ...refused];
    const result: BenchResult = {
      version: 1,
      date: new Date().toISOString(),
      commit: commitOf(),
      environment: environmentOf(gpu),
      ceilings: meter.ceilings(),
      peers: whole.peers,
      models: whole.models,
      kernels: rows,
      notes: [...wrong, ...whole.notes, ...notes],
    };
    return { result, refused: wrong.length > 0 };
  } finally {
    meter.dispose();
  }
}

/** Writes what was asked for; the browser's result stands beside the JSON, as NAME.browser.json. */
async function writeResult(
  result: BenchResult,
  browser: BenchResult | undefined,
  { json, html }: BenchOptions,
): Promise<void> {
  const asText = (value: BenchResult) => `${JSON.stringify(value, null, 2)}\n`;
  const files: [string, string][] = [];
  if (json) files.push([json, asText(result)]);
  if (json && browser) files.push([json.replace(/(\.json)?$/, ".browser.json"), asText(browser)]);
  if (html) files.push([html, htmlReport(result, browser)]);
  for (const [file, text] of files) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    say(`wrote    ${file}`);
  }
}

/** Progress, on stderr so that a report on stdout stays clean; seconds since the start. */
function say(line: string): void {
  process.stderr.write(`${(performance.now() / 1000).toFixed(0).padStart(4)} s  ${line}\n`);
}
