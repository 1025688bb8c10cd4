import { html, type Markup } from "./markup";

export interface Cell {
  readonly text: string | Markup;
  /** What the column is sorted by, where it is not the text. */
  readonly by?: number;
  /** May take several lines. */
  readonly long?: boolean;
}

export interface Head {
  readonly name: string;
  /** Numbers stand to the right. */
  readonly number?: boolean;
}

/** A table that page.js sorts by a click on a heading; it scrolls sideways where it is too wide. */
export function sortable(
  caption: string,
  heads: readonly Head[],
  rows: readonly (readonly Cell[])[],
): Markup {
  const head = heads.map(
    ({ name, number }) =>
      html`<th scope="col"${kind(number)}><button type="button">${name}</button></th>`,
  );
  const body = rows.map(
    (cells) => html`<tr>${cells.map((cell, i) => show(cell, heads[i], i))}</tr>`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table class="sortable"><caption>${caption}</caption><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

function show({ text, by, long }: Cell, { number }: Head, column: number): Markup {
  const sort = by === undefined ? html`` : html` data-by="${by}"`;
  const content = long ? html`<div class="long">${text}</div>` : text;
  if (column === 0) return html`<th scope="row"${sort}>${content}</th>`;
  return html`<td${kind(number)}${sort}>${content}</td>`;
}

function kind(number: boolean | undefined): Markup {
  return number ? html` class="number"` : html``;
}
