import type { Pattern } from "../onnx/fir";

/** What a page can measure: the embedded model, published sizes and two tiny networks with random weights. */
export const PAGE_MODELS = ["tiny", "256", "512", "1024", "random-32", "random-64"] as const;
export type PageModelChoice = (typeof PAGE_MODELS)[number];

export const PATTERNS: readonly Pattern[] = ["lean", "published"];

export interface PageModelRuns {
  readonly choice: PageModelChoice;
  /** Timed runs of ours and of each peer. */
  readonly runs: number;
}

/** What one run of the page is asked for. */
export interface PageOptions {
  readonly models: readonly PageModelRuns[];
  /** Patterns of operations that the peer's files are written in. */
  readonly patterns: readonly Pattern[];
  /** After this long no other measurement is begun. */
  readonly minutes: number;
  /** Whether to measure the adapter's ceilings too; they are 0 otherwise. */
  readonly ceilings: boolean;
}

export const DEFAULTS: PageOptions = {
  models: [
    { choice: "tiny", runs: 5 },
    { choice: "256", runs: 5 },
  ],
  patterns: PATTERNS,
  minutes: 15,
  ceilings: true,
};

/** More would only make visitors wait. */
export const MAX_RUNS = 100;

/**
 * Options of a link, ?models=tiny:3,256:1&patterns=lean&minutes=10&ceilings=0; what is left out is
 * as in DEFAULTS. Throws RangeError, one sentence, for a name or number that is not possible.
 */
export function optionsOf(query: URLSearchParams): PageOptions {
  const models = query.get("models");
  const patterns = query.get("patterns");
  const minutes = Number(query.get("minutes") ?? DEFAULTS.minutes);
  if (!(minutes > 0)) {
    throw new RangeError(`page: minutes ${query.get("minutes")} must be a number above 0`);
  }
  return {
    models: models === null ? DEFAULTS.models : listed(models).map(modelRuns),
    patterns:
      patterns === null
        ? DEFAULTS.patterns
        : listed(patterns).map((name) => oneOf("pattern", name, PATTERNS)),
    minutes,
    ceilings: query.get("ceilings") !== "0",
  };
}

/** The link that optionsOf reads. */
export function queryOf({ models, patterns, minutes, ceilings }: PageOptions): URLSearchParams {
  return new URLSearchParams({
    models: models.map(({ choice, runs }) => `${choice}:${runs}`).join(","),
    patterns: patterns.join(","),
    minutes: String(minutes),
    ceilings: ceilings ? "1" : "0",
  });
}

function listed(text: string): string[] {
  return text.split(",").filter((name) => name !== "");
}

function modelRuns(text: string): PageModelRuns {
  const [name, count = String(DEFAULTS.models[0].runs)] = text.split(":");
  const runs = Number(count);
  if (!Number.isInteger(runs) || runs < 1 || runs > MAX_RUNS) {
    throw new RangeError(
      `page: ${count} runs of ${name} must be a whole number from 1 to ${MAX_RUNS}`,
    );
  }
  return { choice: oneOf("model", name, PAGE_MODELS), runs };
}

function oneOf<Name extends string>(what: string, name: string, known: readonly Name[]): Name {
  const found = known.find((each) => each === name);
  if (found !== undefined) return found;
  throw new RangeError(`page: there is no ${what} "${name}"; use ${known.join(", ")}`);
}
