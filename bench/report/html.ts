import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { BenchResult } from "../result";
import { headline } from "./headline";
import { kernelSection, rooflineSection } from "./kernel_section";
import { html, json, type Markup } from "./markup";
import { layerSection, loadingSection } from "./model_section";
import { shortCommit } from "./names";
import { peerSection } from "./peer_section";
import { lead, plainSection, type Section, showSection } from "./section";
import { digits, minute } from "./units";

/** Bars, lines and scatter with log axes are in ECharts' common build, a third smaller than the whole. */
const ECHARTS = "echarts/dist/echarts.common.min";

const STYLES = ["palette.css", "page.css", "table.css"];

/**
 * A result as one HTML file that opens without a network: headline, charts, tables, notes.
 *
 * Shapes    `browser` is the result of the same benchmark in a browser, if there is one
 * Units     as in the result; every name that comes from a driver or a file is escaped
 */
export function htmlReport(result: BenchResult, browser?: BenchResult): string {
  const parts = [
    peerSection(result, "peers"),
    loadingSection(result, "loading"),
    layerSection(result),
    rooflineSection(result),
    kernelSection(result),
    ...(browser === undefined ? [] : inBrowser(browser)),
  ];
  const notes = [...parts.flatMap(({ missing }) => missing ?? []), ...result.notes];
  const sections = [
    ...parts.filter(({ missing }) => missing === undefined),
    about(result, [...notes, ...(browser?.notes ?? [])]),
  ];
  return `<!doctype html>\n${page(result, sections).markup}\n`;
}

function page(result: BenchResult, sections: readonly Section[]): Markup {
  const charts = sections.flatMap((section) =>
    section.charts.map(({ id, option }) => ({ id, option })),
  );
  const links = sections.map(({ id, title }) => html`<a href="#${id}">${title}</a> `);
  return html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>gpen-webgpu on ${result.environment.adapter}, ${result.date.slice(0, 10)}</title>
<style>${STYLES.map(file)}</style>
</head>
<body>
${masthead(result)}
<main>
${headline(result)}
<nav aria-label="Sections">${links}</nav>
${sections.map(showSection)}
</main>
<p id="spoken" aria-live="polite"></p>
<script type="application/json" id="charts">${json(charts)}</script>
<script>${library()}</script>
<script>${file("page.js")}</script>
</body>
</html>`;
}

function masthead({ environment: at, date, commit }: BenchResult): Markup {
  const facts = [at.driver, at.runtime, at.cpu, at.os].filter((fact) => fact !== "");
  const software = at.software
    ? html`<p class="software">A software adapter: these are the speeds of a CPU that stands in for a graphics card.</p>`
    : html``;
  return html`<header>
<p class="kind">gpen-webgpu benchmark</p>
<h1>${at.adapter}</h1>
<p class="facts">${[minute(date), shortCommit(commit), ...facts].map((fact) => html`<span>${fact}</span>`)}</p>
${software}
<noscript><p>The charts need scripts; sentences and tables do not.</p></noscript>
</header>`;
}

/** The run in a browser, in the same form. */
function inBrowser(browser: BenchResult): Section[] {
  const { runtime, adapter } = browser.environment;
  return [peerSection(browser, "browser-peers"), loadingSection(browser, "browser-loading")].map(
    (section) => ({ ...section, title: `${section.title}, in ${runtime} on ${adapter}` }),
  );
}

/** Notes of the run, and the ceilings that everything is measured by. */
function about(result: BenchResult, notes: readonly string[]): Section {
  const { fmaGflops, matmulGflops, copyGbps } = result.ceilings;
  const items = notes.map((note) => html`<li>${note}</li>`);
  const ceilings = `The ceilings come from the same run: ${digits(fmaGflops)} GFLOP/s in a loop of fused multiply-adds, ${digits(matmulGflops)} GFLOP/s in a plain tiled matrix product of 1024, ${digits(copyGbps)} GB/s in a copy.`;
  return plainSection("notes", "Notes", html`${lead(ceilings)}<ul>${items}</ul>`);
}

/** A file that lies beside this one, as it is. */
function file(name: string): Markup {
  return { markup: readFileSync(new URL(name, import.meta.url), "utf8") };
}

/** ECharts for browsers. Throws where dev dependencies are not installed. */
function library(): Markup {
  const path = createRequire(import.meta.url).resolve(ECHARTS);
  return { markup: readFileSync(path, "utf8") };
}
