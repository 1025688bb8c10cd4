import { shortCommit } from "../report/names";
import { digits, duration, times } from "../report/units";
import type { BenchResult, ModelRow, PeerRow } from "../result";
import { type MeasuredReport, ResultsError } from "./read";

/** The lines of the README that the table stands between. */
export const MARKERS = { start: "<!-- results -->", end: "<!-- /results -->" } as const;

const HEAD = ["adapter", "model", "phase", "ours", "peer", "theirs", "ratio"];

/**
 * The README's table: ours against every peer, one row each, and below it what ran where. The first
 * image is left out, as it lies between the other two phases; the files have it.
 */
export function resultsTable(reports: readonly MeasuredReport[]): string {
  if (reports.length === 0) {
    return "No report lies in [bench/results](bench/results) yet: `npm run bench -- --json bench/results/NAME.json` makes one.";
  }
  const rows = reports.flatMap(({ result }) => [
    ...result.peers.filter(({ phase }) => phase !== "first").map((row) => against(result, row)),
    ...result.models.filter((model) => !hasPeer(result, model)).map((row) => alone(result, row)),
  ]);
  const rule = HEAD.map((name) => (["ours", "theirs", "ratio"].includes(name) ? "--:" : "---"));
  const lines = rows.length === 0 ? [] : [HEAD, rule, ...rows].map(line);
  return [...lines, ...(lines.length > 0 ? [""] : []), ...reports.map(origin)].join("\n");
}

function hasPeer({ peers }: BenchResult, { model, precision }: ModelRow): boolean {
  return peers.some((row) => row.model === model && row.precision === precision);
}

function against({ environment }: BenchResult, row: PeerRow): string[] {
  const range = `${digits(row.ratio_low, 2)} to ${digits(row.ratio_high, 2)}`;
  return [
    environment.adapter,
    `${row.model}, ${row.precision}`,
    row.phase,
    duration(row.ours_ms),
    row.peer,
    duration(row.peer_ms),
    `${times(row.ratio)} (${range})`,
  ];
}

/** A model that no peer ran beside. */
function alone({ environment }: BenchResult, { model, precision, phases }: ModelRow): string[] {
  const name = `${model}, ${precision}`;
  return [environment.adapter, name, "warm", duration(phases.warm_ms), "–", "–", "–"];
}

function origin({ file, result }: MeasuredReport): string {
  const { environment: at, ceilings, date, commit } = result;
  const parts = [at.runtime, at.driver, at.cpu, at.os].filter((part) => part !== "").map(plain);
  const measured = `FMA loop ${digits(ceilings.fmaGflops)} GFLOP/s, copy ${digits(ceilings.copyGbps)} GB/s`;
  return `- ${plain(at.adapter)}: ${date.slice(0, 10)}, ${plain(shortCommit(commit))}; ${parts.join(", ")}; ${measured} ([${plain(file)}](bench/results/${encodeURIComponent(file)}))`;
}

function line(cells: readonly string[]): string {
  return `| ${cells.map(plain).join(" | ")} |`;
}

/** A name from a driver or a file, without what Markdown would take for its own. */
function plain(text: string): string {
  const names: Record<string, string> = { "|": "\\|", "<": "&lt;", "`": "'", "\n": " " };
  return text.replace(/[|<`\n]/g, (letter) => names[letter]);
}

/** `readme` with `table` between the markers. Errors: ResultsError if they are not there once each. */
export function withTable(readme: string, table: string): string {
  const [before, ...afterStart] = readme.split(MARKERS.start);
  const [, ...afterEnd] = afterStart.join(MARKERS.start).split(MARKERS.end);
  if (afterStart.length !== 1 || afterEnd.length !== 1) {
    const { start, end } = MARKERS;
    throw new ResultsError(
      `README.md: the table goes between ${start} and ${end}, once each in this order; add these lines`,
    );
  }
  return `${before}${MARKERS.start}\n${table}\n${MARKERS.end}${afterEnd[0]}`;
}
