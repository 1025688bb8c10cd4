import { readFile } from "node:fs/promises";
import type { BenchResult, Environment, Spread } from "./result";
import { scaled } from "./spread";

/** Changes below this share are noise even where both series are narrow. */
const LEAST = 0.05;
/** Software adapters share the processor with everything else on the machine. */
const LEAST_SOFTWARE = 0.15;

export interface Comparison {
  /** What to print: how the times were made comparable, then every change. */
  readonly lines: readonly string[];
  /** Whether anything got slower beyond noise, or is missing. */
  readonly slower: boolean;
}

/** A result of before. Throws Error, one sentence, if the file cannot be read or is none. */
export async function readResult(file: string): Promise<BenchResult> {
  const fail = (what: string): never => {
    throw new Error(`bench: ${file} ${what}; name a file that --json wrote`);
  };
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) =>
    fail(`cannot be read (${error.code})`),
  );
  let result: Partial<BenchResult>;
  try {
    result = JSON.parse(text) as Partial<BenchResult>;
  } catch {
    return fail("is not JSON");
  }
  const parts = [result?.kernels, result?.peers, result?.models];
  if (result?.version !== 1 || !parts.every(Array.isArray) || !result.environment) {
    return fail("is not a result of version 1");
  }
  return result as BenchResult;
}

/** Throws Error, one sentence, unless the result of before is of this adapter. */
export function checkComparable({ environment }: BenchResult, now: Environment): void {
  if (environment.adapter === now.adapter) return;
  throw new Error(
    `bench: the result to compare with is of ${environment.adapter}, this is ${now.adapter}; compare runs of one adapter, or choose it with --adapter`,
  );
}

/**
 * What got faster or slower beyond noise: the medians differ by more than 5 % (15 % on software), and
 * the ranges of the two series do not touch. On software adapters the times are first scaled by the
 * two runs' FMA ceilings, because the machine underneath drifts.
 */
export function compareResults(before: BenchResult, now: BenchResult): Comparison {
  const { software } = now.environment;
  const factor = software ? now.ceilings.fmaGflops / before.ceilings.fmaGflops : 1;
  const least = software ? LEAST_SOFTWARE : LEAST;
  const [old, fresh] = [series(before), series(now)];
  const shared = [...fresh.keys()].filter((name) => old.has(name));
  const changes = shared.flatMap((name) => {
    const change = changeOf(old.get(name)!, scaled(fresh.get(name)!, factor), least);
    return change === undefined ? [] : [{ name, change }];
  });
  const word = (change: number) => (change > 1 ? "slower" : "faster");
  const told = changes
    .sort((a, b) => b.change - a.change)
    .map(({ name, change }) => `${word(change)} ${percent(change)}  ${name}`);
  const lost = lostRows(before, now).map((name) => `gone  ${name}`);
  const driver =
    before.environment.driver === now.environment.driver
      ? []
      : [`the drivers differ: ${before.environment.driver}, now ${now.environment.driver}`];
  const slower = changes.some(({ change }) => change > 1) || lost.length > 0;
  const base = `Compared with ${before.date}${before.commit && `, commit ${before.commit}`}: ${shared.length} series, ${told.length} changed beyond noise`;
  return { lines: [base, ...scaling(software, factor), ...driver, ...told, ...lost], slower };
}

function scaling(software: boolean, factor: number): string[] {
  if (!software) return [];
  return [
    `times are scaled by the FMA ceilings of both runs (${factor.toFixed(2)}), because a software adapter shares its machine`,
  ];
}

/** Ratio of the medians where it is beyond noise; undefined where it is not. */
function changeOf(before: Spread, now: Spread, least: number): number | undefined {
  const change = now.median / before.median;
  const apart = now.low > before.high || now.high < before.low;
  const large = change > 1 + least || change < 1 / (1 + least);
  return apart && large ? change : undefined;
}

/** Every series of times by its name. A series of one has no range of its own and is left out. */
function series({ kernels, peers }: BenchResult): Map<string, Spread> {
  const ofKernels = kernels.map(({ name, shape, spread }) => [`${name} ${shape}`, spread] as const);
  const ofModels = peers.map(
    ({ model, precision, peer, phase, ours }) =>
      [`${model} ${precision} ${phase} (beside ${peer})`, ours] as const,
  );
  return new Map([...ofKernels, ...ofModels].filter(([, { samples }]) => samples >= 3));
}

/** Kernel rows of before that are refused now: this run's notes name them. */
function lostRows(before: BenchResult, now: BenchResult): string[] {
  const here = new Set(now.kernels.map(({ name, shape }) => `${name} ${shape}`));
  return before.kernels
    .map(({ name, shape }) => `${name} ${shape}`)
    .filter((row) => !here.has(row) && now.notes.some((note) => note.startsWith(row)));
}

function percent(change: number): string {
  const share = change > 1 ? change - 1 : 1 - change;
  return `${(100 * share).toFixed(0).padStart(4)} %`;
}
