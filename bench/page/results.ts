import { headline } from "../report/headline";
import { html, type Markup } from "../report/markup";
import { layerSection, loadingSection } from "../report/model_section";
import script from "../report/page.js?raw";
import { peerSection } from "../report/peer_section";
import { lead, plainSection, type Section, showSection } from "../report/section";
import type { BenchResult } from "../result";
import type { PageRun, Pictures } from "./measure";
import { rgbaOf } from "./picture";

/** Shows a run as the report does: numbers, charts, tables, the pictures that were compared, notes. */
export async function showRun(place: HTMLElement, { result, pictures }: PageRun): Promise<void> {
  const photos = pictures.filter(({ photo }) => photo);
  const sections: Section[] = [
    peerSection(result, "peers"),
    ...(photos.length > 0 ? [pictureSection(photos)] : []),
    loadingSection(result, "loading"),
    ...(result.models.some(({ steps }) => steps.length > 0) ? [layerSection(result)] : []),
    notesSection(result),
  ];
  place.innerHTML = html`${headline(result)}${sections.map(showSection)}`.markup;
  for (const canvas of place.querySelectorAll("canvas")) paint(canvas, photos);
  await drawCharts(
    place,
    sections.flatMap(({ charts }) => charts),
  );
}

/** The report's own script draws from a global echarts and a list of options in the page. */
async function drawCharts(place: HTMLElement, charts: Section["charts"]): Promise<void> {
  const echarts = await import("echarts");
  Object.assign(globalThis, { echarts });
  const options = element("script", JSON.stringify(charts));
  options.id = "charts";
  options.type = "application/json";
  // in a block, so that a second run may declare the same names
  place.append(options, element("script", `{${script}}`));
}

function element(name: "script", text: string): HTMLScriptElement {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

const ROLES = { input: "The photo", ours: "Ours", theirs: "onnxruntime-web" } as const;
type Role = keyof typeof ROLES;

function pictureSection(pictures: readonly Pictures[]): Section {
  const rows = pictures.map((each, i) => {
    const roles = (Object.keys(ROLES) as Role[]).filter((role) => each[role] !== undefined);
    const figures = roles.map((role) => picture(each, i, role));
    return html`<h3>${each.model} ${each.precision}</h3><div class="pictures">${figures}</div>`;
  });
  const say = "What went in and what came out, before any time was taken.";
  return plainSection("pictures", "The pictures that were compared", html`${lead(say)}${rows}`);
}

function picture({ side }: Pictures, i: number, role: Role): Markup {
  return html`<figure><canvas width="${side}" height="${side}" data-of="${i}" data-role="${role}" role="img" aria-label="${ROLES[role]}"></canvas><figcaption>${ROLES[role]}</figcaption></figure>`;
}

function paint(canvas: HTMLCanvasElement, pictures: readonly Pictures[]): void {
  const { of, role } = canvas.dataset;
  const { side, [role as Role]: planes } = pictures[Number(of)];
  canvas.getContext("2d")?.putImageData(new ImageData(rgbaOf(planes!), side, side), 0, 0);
}

function notesSection({ environment: at, ceilings, notes }: BenchResult): Section {
  const { fmaGflops, matmulGflops, copyGbps } = ceilings;
  const whole = (value: number) => Math.round(value).toLocaleString("en");
  const where = `${at.runtime} on ${at.os}; ${at.adapter}, ${at.driver || "no driver named"}; ${at.cpu}.`;
  const measured =
    fmaGflops > 0
      ? ` In the same run this adapter reached ${whole(fmaGflops)} GFLOP/s in a loop of multiply-adds, ${whole(matmulGflops)} in a plain matrix product, and ${whole(copyGbps)} GB/s in a copy.`
      : "";
  const items = notes.map((note) => html`<li>${note}</li>`);
  return plainSection("notes", "Notes", html`${lead(where + measured)}<ul>${items}</ul>`);
}
