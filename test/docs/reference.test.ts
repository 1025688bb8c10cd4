import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { brokenLinks } from "../../docs/broken_links";
import { withNameLinks } from "../../docs/name_links";
import { type Part, withDefinitionLists } from "../../docs/obligations";

const text = (words: string): Part => ({ kind: "text", text: words });
const shown = (parts: readonly Part[]) => parts.map((part) => part.text).join("");

test("aligned lines of a docstring become a definition list, the lines that continue them too", () => {
  const comment = [
    text("Runs it.\n\nShapes    x (n)\n          and "),
    { kind: "code", text: "`y`" },
    text("\nErrors    "),
    { kind: "inline-tag", text: "GpuError" },
    text(" if lost\n\nAfter it."),
  ];
  expect(shown(withDefinitionLists(comment)).replace(/\n+/g, "\n")).toBe(
    `Runs it.
<dl class="obligations"><dt>Shapes</dt><dd>
x (n)
and \`y\`
</dd><dt>Errors</dt><dd>
GpuError if lost
</dd></dl>
After it.
`,
  );
});

test("a first paragraph stays in one piece, and a sentence is no obligation", () => {
  const [first] = withDefinitionLists([text("Shapes of all kinds.\n\nMore.")]);
  expect(first).toEqual(text("Shapes of all kinds.\n\nMore.\n"));
});

test("names that the package exports become links, words that look alike stay words", () => {
  const names = new Map(["GpuError", "loadGpen", "restore", "sample"].map((name) => [name, name]));
  const parts = withNameLinks(
    [
      text("As loadGpen: restore() a sample or throw GpuError "),
      { kind: "code", text: "`sample`" },
    ],
    names,
    "restore",
  );
  const links = parts.filter(({ kind }) => kind === "inline-tag").map((part) => part.text);
  expect(links).toEqual(["loadGpen", "GpuError", "sample"]);
});

test("links to pages and anchors that are not there are named, others are not", () => {
  const folder = mkdtempSync(join(tmpdir(), "docs-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const links = ["b.html#here", "#", "mailto:a@b.c", "b.html#away", "c.html", "icons.svg#any"];
  const page = links.map((link) => `<a href="${link}"></a>`).join("");
  writeFileSync(join(folder, "a.html"), page);
  writeFileSync(join(folder, "b.html"), '<h2 id="here"></h2>');
  writeFileSync(join(folder, "icons.svg"), "<svg></svg>");
  expect(brokenLinks(folder)).toEqual([
    "docs: a.html links to b.html#away, which is not there; mend the link or its target",
    "docs: a.html links to c.html, which is not there; mend the link or its target",
  ]);
});
