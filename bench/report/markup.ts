/** Text that is HTML already. Everything else that enters a page is escaped. */
export interface Markup {
  readonly markup: string;
}

type Part = string | number | Markup | readonly Markup[];

/**
 * html`<b>${name}</b>`: names of adapters, peers and layers come from drivers and files, so every part
 * is escaped unless it was made by html itself.
 */
export function html(literals: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  let markup = literals[0];
  parts.forEach((part, i) => {
    markup += show(part) + literals[i + 1];
  });
  return { markup };
}

function show(part: Part): string {
  if (typeof part === "string" || typeof part === "number") return escaped(String(part));
  return "markup" in part ? part.markup : part.map(({ markup }) => markup).join("");
}

function escaped(text: string): string {
  const names: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replace(/[&<>"']/g, (letter) => names[letter]);
}

/** JSON inside a script element, where "</script" and "<!--" would end or change it. */
export function json(value: unknown): Markup {
  return { markup: JSON.stringify(value).replaceAll("<", "\\u003c") };
}
