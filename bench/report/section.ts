import type { Chart } from "./chart";
import { html, type Markup } from "./markup";

/** A part of the report under a heading of its own, and the charts that page.js draws in it. */
export interface Section {
  /** Also the anchor. */
  readonly id: string;
  readonly title: string;
  readonly body: Markup;
  readonly charts: readonly Chart[];
  /** Why there is nothing to see; the notes say it, and the section is left out. */
  readonly missing?: string;
}

/** A section without a chart. */
export function plainSection(id: string, title: string, body: Markup): Section {
  return { id, title, body, charts: [] };
}

/** A part that was not measured, with one sentence that says so. */
export function missingSection(id: string, title: string, missing: string): Section {
  return { id, title, body: html``, charts: [], missing };
}

export function showSection({ id, title, body }: Section): Markup {
  return html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${body}</section>`;
}

/** The sentence under a heading that says what to see. */
export function lead(sentence: string | Markup): Markup {
  return html`<p class="lead">${sentence}</p>`;
}
