import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { BenchResult } from "../result";

/** A report that somebody measured, and the file it lies in. */
export interface MeasuredReport {
  /** Name without folder: "llvmpipe-2026-11-22.json". */
  readonly file: string;
  readonly result: BenchResult;
}

/** A report or a README that cannot be used. */
export class ResultsError extends Error {
  override readonly name = "ResultsError";
}

/**
 * The newest report of every adapter, in every kind of runtime, by name of adapter.
 *
 * Errors    ResultsError if a file is not a result of the benchmark
 */
export function readResults(folder: string): MeasuredReport[] {
  const reports = readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((file) => ({ file, result: parseResult(file, readFileSync(join(folder, file), "utf8")) }));
  const newest = new Map<string, MeasuredReport>();
  for (const report of reports) {
    const key = place(report);
    const other = newest.get(key);
    if (other === undefined || other.result.date < report.result.date) newest.set(key, report);
  }
  return [...newest.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, report]) => report);
}

/** Adapter and runtime, "node" or a browser, whatever their versions. */
function place({ result: { environment } }: MeasuredReport): string {
  return `${environment.adapter}, ${environment.runtime.split(/[\s/]/)[0].toLowerCase()}`;
}

const LISTS = ["peers", "models", "kernels", "notes"] as const;

/** Enough of the schema to make a table; bench/result.schema.json says the rest. */
export function parseResult(file: string, text: string): BenchResult {
  let value: Partial<BenchResult> | null;
  try {
    value = JSON.parse(text) as Partial<BenchResult> | null;
  } catch (error) {
    throw new ResultsError(`${file}: ${(error as Error).message}; ${REMEDY}`);
  }
  if (value?.version !== 1) {
    throw new ResultsError(`${file}: version is ${value?.version}, it must be 1; ${REMEDY}`);
  }
  const missing = LISTS.find((list) => !Array.isArray(value[list]));
  const wrong = missing ?? (value.environment && value.ceilings && value.date ? undefined : "date");
  if (wrong !== undefined) {
    throw new ResultsError(`${file}: ${wrong} is missing, a result has all parts; ${REMEDY}`);
  }
  return value as BenchResult;
}

const REMEDY = "measure it again with npm run bench -- --json FILE, or remove the file";
