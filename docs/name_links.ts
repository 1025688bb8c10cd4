import type { Part } from "./obligations";

/** Words that can only be names: loadGpen, GpuError, restore(). "Task" and "sample" are words too. */
const NAME = /\b(?:[a-z]+(?:[A-Z]\w*)+|(?:[A-Z][a-z0-9]+){2,})\b(?:\(\))?|\b[a-z]\w*\(\)/g;

/** Every mention of an exported name in a text becomes a link to its page, except on that page. */
export function withNameLinks(
  parts: readonly Part[],
  exported: ReadonlyMap<string, unknown>,
  owner: string,
): Part[] {
  return parts.flatMap((part): Part[] => {
    if (part.kind === "text") return linked(part.text, exported, owner);
    if (part.kind === "code" && !part.text.startsWith("```")) {
      const name = part.text.replace(/^`+|(\(\))?`+$/g, "");
      const target = name === owner ? undefined : exported.get(name);
      if (target) return [link(name, target, "@linkcode")];
    }
    return [part];
  });
}

function linked(text: string, exported: ReadonlyMap<string, unknown>, owner: string): Part[] {
  const out: Part[] = [];
  let from = 0;
  for (const { 0: word, index } of text.matchAll(NAME)) {
    const name = word.replace("()", "");
    const target = exported.get(name);
    if (!target || name === owner) continue;
    out.push({ kind: "text", text: text.slice(from, index) });
    out.push(link(word, target, "@link"));
    from = index + word.length;
  }
  return [...out, { kind: "text", text: text.slice(from) }];
}

function link(text: string, target: unknown, tag: string): Part {
  return Object.assign({ kind: "inline-tag", text }, { tag, target });
}
