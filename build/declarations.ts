import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = process.argv[2] ?? "dist/types";
const RELATIVE = /((?:from|import)\s*\(?\s*")(\.{1,2}\/[^"]+)(")/g;

/**
 * Ends what declarations import in ".js": Node's own resolution, which TypeScript follows under node16
 * and nodenext, guesses no endings, and the sources have none.
 */
for (const file of readdirSync(FOLDER, { recursive: true }).map(String)) {
  if (!file.endsWith(".d.ts")) continue;
  const path = join(FOLDER, file);
  const text = readFileSync(path, "utf8");
  const ended = text.replace(RELATIVE, (_, head, to, quote) => `${head}${withEnding(to)}${quote}`);
  if (ended !== text) writeFileSync(path, ended);
}

function withEnding(to: string): string {
  return to.endsWith(".js") ? to : `${to}.js`;
}
