import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { BenchResult } from "../../bench/result";
import { MARKERS, resultsTable, withTable } from "../../bench/results/markdown";
import { parseResult, readResults } from "../../bench/results/read";
import { sampleResult } from "./sample_result";

const sample = sampleResult();
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "gpen-results-"));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

function on(adapter: string, date: string, runtime = "node 20.19.0"): string {
  const environment = { ...sample.environment, adapter, runtime };
  return JSON.stringify({ ...sample, date, environment } satisfies BenchResult);
}

test("the newest report of every adapter and runtime is used, whatever the file's name", () => {
  const folder = folderWith({
    "a.json": on("llvmpipe", "2026-11-23T00:00:00Z", "node 22.0.0"),
    "b.json": on("llvmpipe", "2026-11-22T00:00:00Z"),
    "c.json": on("llvmpipe", "2026-11-21T00:00:00Z", "Chrome/142.0"),
    "d.json": on("H200", "2026-11-20T00:00:00Z"),
    "README.md": "not a report",
  });
  expect(readResults(folder).map(({ file }) => file)).toEqual(["d.json", "c.json", "a.json"]);
});

test("a file that is no result is refused by name", () => {
  expect(() => parseResult("x.json", "{")).toThrow(/^x\.json: .*measure it again/);
  expect(() => parseResult("x.json", '{"version": 2}')).toThrow(/version is 2, it must be 1/);
  expect(() => parseResult("x.json", "null")).toThrow(/version is undefined/);
  const { kernels, ...rest } = sample;
  expect(kernels.length).toBeGreaterThan(0);
  expect(() => parseResult("x.json", JSON.stringify(rest))).toThrow(/kernels is missing/);
});

test("the table has ours beside each peer, warm and cold, and says what ran where", () => {
  const table = resultsTable([{ file: "llvmpipe.json", result: sample }]).split("\n");
  const rows = table.filter((line) => line.startsWith("| llvmpipe"));
  // 2 models, 3 peers, 2 of the 3 phases
  expect(rows).toHaveLength(12);
  expect(rows[0]).toContain("| GPEN-256, f32 | warm | 1.03 s | onnxruntime WebGPU, published |");
  expect(rows[0]).toContain("| 6.1× (5.7 to 6.5) |");
  expect(table.at(-1)).toMatch(
    /2026-11-22, commit cc5c504d1f0f; .*\(bench\/results\/llvmpipe.json\)/,
  );
});

test("a model without a peer has a row of its own, and a folder without reports a sentence", () => {
  const table = resultsTable([{ file: "x.json", result: { ...sample, peers: [] } }]);
  expect(table.match(/\| warm \| .* \| – \| – \| – \|/g)).toHaveLength(sample.models.length);
  expect(resultsTable([])).toMatch(/^No report lies/);
});

test("names cannot break the table", () => {
  const environment = { ...sample.environment, adapter: "a|b\n<script>" };
  const table = resultsTable([{ file: "x.json", result: { ...sample, environment } }]);
  expect(table).toContain("| a\\|b &lt;script> |");
  expect(table).not.toContain("<script");
});

test("only what stands between the markers changes, and a second time nothing does", () => {
  const { start, end } = MARKERS;
  const readme = `# Title\n${start}\nold\n${end}\nrest\n`;
  const updated = withTable(readme, "| new |");
  expect(updated).toBe(`# Title\n${start}\n| new |\n${end}\nrest\n`);
  expect(withTable(updated, "| new |")).toBe(updated);
});

test("markers that are missing, twice there or in the wrong order are an error", () => {
  const { start, end } = MARKERS;
  for (const readme of [
    "",
    start,
    `${end}${start}`,
    `${start}${start}${end}`,
    `${start}${end}${end}`,
  ]) {
    expect(() => withTable(readme, "x"), JSON.stringify(readme)).toThrow(/once each in this order/);
  }
});
