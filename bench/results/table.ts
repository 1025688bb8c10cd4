import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { resultsTable, withTable } from "./markdown";
import { ResultsError, readResults } from "./read";

const FOLDER = fileURLToPath(new URL(".", import.meta.url));
const README = fileURLToPath(new URL("../../README.md", import.meta.url));

/** npm run bench:table [-- --check]: writes the README's table from the reports in this folder. */
function main(args: readonly string[]): number {
  const unknown = args.find((arg) => arg !== "--check");
  if (unknown !== undefined) {
    console.error(`bench:table: ${unknown} is not an option; use npm run bench:table [-- --check]`);
    return 2;
  }
  const readme = readFileSync(README, "utf8");
  const updated = withTable(readme, resultsTable(readResults(FOLDER)));
  if (updated === readme) return 0;
  if (args.includes("--check")) {
    console.error(
      "bench:table: the README's table is not that of bench/results; run npm run bench:table",
    );
    return 1;
  }
  writeFileSync(README, updated);
  console.log("bench:table: README.md has the table of bench/results");
  return 0;
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof ResultsError)) throw error;
  console.error(`bench:table: ${error.message}`);
  process.exitCode = 1;
}
