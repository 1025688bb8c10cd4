import type { Chart } from "./chart";
import { html, type Markup } from "./markup";

/** A part of the report under a heading of its own, and the charts that page.js draws in it. */
export interface Section {
  /** Also the anchor. */
  readonly id: string;
  readonly title: string;
  readonly body: Markup;
  readonly charts: readonly Chart[];
}

/** A section without a chart: a sentence, a table, or a reason why there is nothing to see. */
export function plainSection(id: string, title: string, body: Markup): Section {
  return { id, title, body, charts: [] };
}

export function showSection({ id, title, body }: Section): Markup {
  return html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${body}</section>`;
}

/** The sentence under a heading that says what to see. */
export function lead(sentence: string | Markup): Markup {
  return html`<p class="lead">${sentence}</p>`;
}
