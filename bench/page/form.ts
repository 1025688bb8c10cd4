import { html, type Markup } from "../report/markup";
import {
  MAX_RUNS,
  optionsOf,
  PAGE_MODELS,
  PATTERNS,
  type PageModelChoice,
  type PageOptions,
} from "./options";

const MODELS: Readonly<Record<PageModelChoice, { name: string; says: string }>> = {
  tiny: { name: "embedded model", says: "128 px, trained, restores a photo" },
  "256": { name: "GPEN-256", says: "8.6 GMAC, random weights, 79 MB" },
  "512": { name: "GPEN-512", says: "137 GMAC, random weights, 284 MB; for graphics cards" },
  "1024": { name: "GPEN-1024", says: "171 GMAC, random weights; for graphics cards" },
  "random-32": { name: "random-32", says: "a toy of 32 px" },
  "random-64": { name: "random-64", says: "a toy of 64 px" },
};

const SAYS = {
  lean: "lean: fewer operations, faster for it",
  published: "published: the operations of the files in circulation",
} as const;

/** Toys show only where the link names them. */
function shownModels(options: PageOptions): PageModelChoice[] {
  const named = options.models.map(({ choice }) => choice);
  return PAGE_MODELS.filter((name) => !name.startsWith("random-") || named.includes(name));
}

/** Fills the form with what the link asks for. */
export function fillForm(form: HTMLFormElement, options: PageOptions): void {
  const rows = shownModels(options).map((choice) => {
    const asked = options.models.find((each) => each.choice === choice);
    const { name, says } = MODELS[choice];
    return html`<div>${checkbox("model", choice, asked !== undefined, html`${name} <small>${says}</small>`)}
<label class="runs"><input type="number" name="runs-${choice}" min="1" max="${MAX_RUNS}" value="${asked?.runs ?? 3}" required> runs</label></div>`;
  });
  append(form.querySelector("#models")!, rows);
  append(
    form.querySelector("#patterns")!,
    PATTERNS.map((name) =>
      checkbox("pattern", name, options.patterns.includes(name), html`${SAYS[name]}`),
    ),
  );
}

function checkbox(name: string, value: string, checked: boolean, text: Markup): Markup {
  const state = checked ? html` checked` : html``;
  return html`<label><input type="checkbox" name="${name}" value="${value}"${state}> <span>${text}</span></label>`;
}

function append(element: Element, rows: readonly Markup[]): void {
  element.insertAdjacentHTML("beforeend", html`${rows}`.markup);
}

/** What the form asks for now; what it does not show stays as the link has it. */
export function readForm(form: HTMLFormElement, link: PageOptions): PageOptions {
  const fields = new FormData(form);
  const models = fields.getAll("model").map((name) => `${name}:${fields.get(`runs-${name}`)}`);
  const query = new URLSearchParams({
    models: models.join(","),
    patterns: fields.getAll("pattern").join(","),
    minutes: String(link.minutes),
    ceilings: link.ceilings ? "1" : "0",
  });
  return optionsOf(query);
}
