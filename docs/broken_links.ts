import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** One sentence for every link within the pages of `folder` that leads to no file or to no anchor. */
export function brokenLinks(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const pages = files.filter((file) => file.endsWith(".html"));
  const texts = new Map(pages.map((page) => [page, readFileSync(join(folder, page), "utf8")]));
  const anchors = new Map(
    [...texts].map(([page, text]) => [page, new Set(valuesOf(text, /\sid="([^"]+)"/g))]),
  );
  const broken: string[] = [];
  for (const [page, text] of texts) {
    for (const link of new Set(valuesOf(text, /\s(?:href|src)="([^"]+)"/g))) {
      if (/^[a-z]+:/.test(link) || link === "#") continue;
      const [path, anchor] = decodeURI(link).split(/[?#]/);
      const target = path === "" ? page : join(dirname(page), path);
      const toAnchor = link.includes("#") && anchors.get(target);
      if (existsSync(join(folder, target)) && (!toAnchor || toAnchor.has(anchor))) continue;
      broken.push(
        `docs: ${page} links to ${link}, which is not there; mend the link or its target`,
      );
    }
  }
  return broken;
}

function valuesOf(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, value]) => value);
}
