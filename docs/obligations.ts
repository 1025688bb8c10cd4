/** A piece of a comment, as typedoc parses it: text, code, or an inline tag such as a link. */
export interface Part {
  readonly kind: string;
  readonly text: string;
}

type Line = Part[];

/** "Shapes    x (n, c)": the first line of an obligation, as the docstrings of this project write it. */
const FIRST_LINE = /^([A-Z][a-z]+) {2,}(?=\S|$)/;

/**
 * Docstrings say what a function owes in aligned lines, "Shapes    ...", "Errors    ...", which as
 * Markdown would run together: they become a definition list.
 */
export function withDefinitionLists(parts: readonly Part[]): Part[] {
  const out: Part[] = [];
  const text = (words: string) => out.push({ kind: "text", text: words });
  let inList = false;
  for (const line of linesOf(parts)) {
    const start = startOf(line);
    const [whole, label] = FIRST_LINE.exec(start) ?? [];
    if (whole !== undefined) {
      text(inList ? "\n\n</dd>" : '\n\n<dl class="obligations">');
      text(`<dt>${label}</dt><dd>\n\n`);
      inList = true;
    } else if (inList && start.trim() === "" && line.length < 2) {
      text("\n\n</dd></dl>\n\n");
      inList = false;
    }
    // Indented by four, Markdown would take a continued line for code.
    out.push(...after(inList ? (whole ?? start.match(/^ */)![0]).length : 0, line));
    text("\n");
  }
  if (inList) text("\n\n</dd></dl>");
  return joined(out);
}

/** Neighbouring texts as one: typedoc looks within a text for the end of the first paragraph. */
function joined(parts: readonly Part[]): Part[] {
  const out: Part[] = [];
  for (const part of parts) {
    const last = out.at(-1);
    if (part.kind !== "text" || last?.kind !== "text") out.push(part);
    else out[out.length - 1] = { kind: "text", text: last.text + part.text };
  }
  return out;
}

function linesOf(parts: readonly Part[]): Line[] {
  const lines: Line[] = [[]];
  for (const part of parts) {
    const [first, ...more] = part.kind === "text" ? part.text.split("\n") : [part];
    const asPart = (piece: typeof first): Part =>
      typeof piece === "string" ? { kind: "text", text: piece } : piece;
    lines.at(-1)!.push(asPart(first));
    for (const piece of more) lines.push([asPart(piece)]);
  }
  return lines;
}

/** The text at the start of a line; a line may start with code, which starts no obligation. */
function startOf([first]: Line): string {
  return first?.kind === "text" ? first.text : "";
}

function after(count: number, [first, ...rest]: Line): Line {
  return count > 0 ? [{ ...first, text: first.text.slice(count) }, ...rest] : [first, ...rest];
}
