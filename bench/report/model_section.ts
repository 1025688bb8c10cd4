import type { BenchResult, ModelRow } from "../result";
import { canvas } from "./chart";
import { LOADING, loadingChart, loadingMs } from "./loading";
import { html, type Markup } from "./markup";
import { lead, missingSection, type Section } from "./section";
import { type Cell, type Head, sortable } from "./sortable";
import { byKind, stripChart } from "./strip";
import { bytes, duration, percent } from "./units";

const [LOADING_TITLE, LAYERS_TITLE] = ["From file to first image", "One image, layer by layer"];

/** Where the time of loading went, and what a model takes in memory and in bytes to download. */
export function loadingSection({ models }: BenchResult, id: string): Section {
  if (models.length === 0) {
    const none = "No whole model was run, so loading was not timed.";
    return missingSection(id, LOADING_TITLE, none);
  }
  const chart = { ...loadingChart(models), id: `${id}-chart` };
  const table = sortable("Times and sizes of each model", HEADS, models.map(cells));
  return {
    id,
    title: LOADING_TITLE,
    body: html`${lead(loadingSentence(models[0]))}<figure>${canvas(chart)}</figure>${table}`,
    charts: [chart],
  };
}

function loadingSentence(model: ModelRow): string {
  const total = loadingMs(model);
  const part = LOADING.reduce((a, b) => (model.phases[b.key] > model.phases[a.key] ? b : a));
  const share = percent(model.phases[part.key] / total);
  return `Each bar goes from opening the file to the first restored image. For ${model.model} that is ${duration(total)}; the longest part is ${part.says}, ${share}. An image after that takes ${duration(model.phases.warm_ms)}.`;
}

const HEADS: readonly Head[] = [
  { name: "model" },
  ...LOADING.map(({ name }) => ({ name, number: true })),
  { name: "warm image", number: true },
  { name: "readback", number: true },
  { name: "weights", number: true },
  { name: "activations", number: true },
  { name: "download", number: true },
  { name: "onnxruntime-web", number: true },
];

function cells(row: ModelRow): Cell[] {
  const keys = [...LOADING.map(({ key }) => key), "warm_ms", "readback_ms"] as const;
  const sizes = [
    row.weight_bytes,
    row.activation_bytes,
    row.download_bytes,
    row.peer_download_bytes,
  ];
  return [
    { text: `${row.model} ${row.precision}` },
    ...keys.map((key) => ({ text: duration(row.phases[key]), by: row.phases[key] })),
    // zero bytes were not counted rather than none
    ...sizes.map((size) => ({ text: size > 0 ? bytes(size) : "–", by: size })),
  ];
}

/** A strip for every model whose steps were timed, and a sentence for the others. */
export function layerSection({ models }: BenchResult): Section {
  if (models.length === 0) {
    const none = "No whole model was run, so there is no image whose layers could be shown.";
    return missingSection("layers", LAYERS_TITLE, none);
  }
  const strips = models.map((model, i) =>
    model.steps.length > 0 ? stripChart(model, `layers-${i}`) : undefined,
  );
  const figures = models.map((model, i) => {
    const chart = strips[i];
    const title = html`<h3>${model.model}, ${model.precision}</h3>`;
    if (chart === undefined) return html`${title}<p>${untimed(model)}</p>`;
    return html`${title}<figure><figcaption>${stripSentence(model)}</figcaption>${canvas(chart)}${kinds(model)}</figure>`;
  });
  const say =
    "One warm image from left to right. The upper row has every step in the order that it runs, as wide as its time; the lower row has the same time by kind of kernel, the longest first.";
  return {
    id: "layers",
    title: LAYERS_TITLE,
    body: html`${lead(say)}${figures}`,
    charts: strips.flatMap((chart) => chart ?? []),
  };
}

function untimed({ model }: ModelRow): string {
  return `The steps of ${model} were not timed one by one; that needs an adapter with timestamp-query.`;
}

function stripSentence({ steps, phases }: ModelRow): string {
  const total = steps.reduce((sum, { ms }) => sum + ms, 0);
  const longest = steps.reduce((a, b) => (b.ms > a.ms ? b : a));
  return `${steps.length} steps take ${duration(total)} on the device, ${duration(phases.warm_ms)} with everything around them; the longest is ${longest.name} (${longest.kernel}) with ${percent(longest.ms / total)}.`;
}

function kinds(model: ModelRow): Markup {
  const total = model.steps.reduce((sum, { ms }) => sum + ms, 0);
  const items = byKind(model, total).map(
    ({ name, color, ms }) =>
      html`<li style="--key:var(${color})">${name} <span>${percent(ms / total)}</span></li>`,
  );
  return html`<ul class="legend">${items}</ul>`;
}
