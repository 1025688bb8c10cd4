import type { BenchResult, KernelRow } from "../result";
import { canvas } from "./chart";
import { family } from "./families";
import { html, type Markup } from "./markup";
import { shortLayer } from "./names";
import { plotted, rooflineChart } from "./roofline";
import { lead, missingSection, plainSection, type Section } from "./section";
import { type Cell, type Head, sortable } from "./sortable";
import { digits, duration, durationRange, percent } from "./units";

const ROOFLINE_TITLE = "How close to the hardware";

/** Every kernel in the roofline plot. */
export function rooflineSection(result: BenchResult): Section {
  const rows = plotted(result.kernels);
  if (rows.length === 0) {
    const none = "No kernel with multiply-adds was timed by itself, so there is no roofline plot.";
    return missingSection("roof", ROOFLINE_TITLE, none);
  }
  const chart = rooflineChart(result);
  return {
    id: "roof",
    title: ROOFLINE_TITLE,
    body: html`${lead(sentence(rows, result))}<figure>${canvas(chart)}</figure>`,
    charts: [chart],
  };
}

function sentence(rows: readonly KernelRow[], { kernels, ceilings }: BenchResult): string {
  const half = rows.filter(({ ceiling_fraction }) => ceiling_fraction >= 0.5).length;
  const slowest = rows.reduce((a, b) => (b.ms > a.ms ? b : a));
  const above = rows.filter(({ ceiling_fraction }) => ceiling_fraction > 1).length;
  return [
    "Each mark is a layer, larger where it takes longer; higher is faster.",
    `The solid line is what this adapter was seen to do in the same run, ${digits(ceilings.copyGbps)} GB/s on the slope and ${digits(ceilings.fmaGflops)} GFLOP/s on the flat: the closer, the less is left to gain.`,
    `${half} of ${rows.length} layers reach half of it; the one that takes longest, ${shortLayer(slowest.layer)}, reaches ${percent(slowest.ceiling_fraction)}.`,
    above > 0
      ? `Above it (${above}) are layers that make fewer multiply-adds than the direct algorithm, whose number is counted, or whose inputs stay in a cache.`
      : "",
    rows.length < kernels.length
      ? `Layers without multiply-adds (${kernels.length - rows.length}) are in the table only.`
      : "",
  ]
    .filter((part) => part !== "")
    .join(" ");
}

const HEADS: readonly Head[] = [
  { name: "layer" },
  { name: "kernel" },
  { name: "shape" },
  { name: "time", number: true },
  { name: "range", number: true },
  { name: "GFLOP/s", number: true },
  { name: "GB/s", number: true },
  { name: "FLOP/byte", number: true },
  { name: "of roof", number: true },
  { name: "of FMA", number: true },
  { name: "error", number: true },
];

/** Every kernel that was checked and timed. */
export function kernelSection({ kernels }: BenchResult): Section {
  if (kernels.length === 0) {
    return missingSection("kernels", "Kernels", "No kernel was timed by itself in this run.");
  }
  const say =
    "Each was compared with the plain reference before it was timed; the error is the largest difference by the largest output. Where there are no multiply-adds the roof is the speed of the copy. Click a heading to sort.";
  const filter = html`<label class="filter">Show only <input type="search" placeholder="layer, kernel or shape" data-filters="kernels"></label>`;
  const table = sortable("Kernels by layer", HEADS, kernels.map(cells));
  return plainSection("kernels", "Kernels", html`${lead(say)}${filter}${table}`);
}

function cells(row: KernelRow): Cell[] {
  const counted = row.gflops > 0;
  return [
    { text: row.layer, long: true },
    {
      text: html`<span class="dot" style="--key:var(${family(row.name).color})"></span>${row.name}`,
    },
    { text: row.shape, long: true },
    { text: duration(row.ms), by: row.ms },
    { text: durationRange(row.spread.low, row.spread.high), by: row.spread.low },
    { text: counted ? digits(row.gflops) : "–", by: row.gflops },
    { text: digits(row.gbps), by: row.gbps },
    { text: counted ? digits(row.intensity) : "–", by: row.intensity },
    { text: meter(row.ceiling_fraction), by: row.ceiling_fraction },
    { text: counted ? percent(row.fma_fraction) : "–", by: row.fma_fraction },
    { text: row.error.toExponential(1), by: row.error },
  ];
}

/** A share with a bar behind it, full at one. */
function meter(fraction: number): Markup {
  const width = Math.round(100 * Math.min(1, Math.max(0, fraction)));
  return html`<span class="meter" style="--share:${width}%">${percent(fraction)}</span>`;
}
