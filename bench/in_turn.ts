import type { Deadline } from "./deadline";
import type { Ours } from "./ours";
import type { PeerRow, Phase } from "./result";
import { spreadOf } from "./spread";

/** Milliseconds of ours and of the peer, run one after the other. */
export type Pair = readonly [ours: number, theirs: number];

export interface InTurnOptions {
  readonly runs: number;
  /** Pairs before them that are not counted; none by default. */
  readonly warmUp?: number;
  readonly deadline: Deadline;
  /** Called before every pair; may throw to stop. */
  readonly between?: () => Promise<void>;
}

/**
 * Times both in turn, the order changing every time. Both must have run before. Ends early, but not
 * before one pair, at the deadline.
 */
export async function timeInTurn(
  ours: () => Promise<unknown>,
  theirs: () => Promise<unknown>,
  { runs, warmUp = 0, deadline, between }: InTurnOptions,
): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (let i = 0; i < warmUp + runs; i++) {
    if (pairs.length > 0 && deadline.passed()) break;
    await between?.();
    const theirsFirst = i % 2 === 1 ? (await timed(theirs))[1] : undefined;
    const [, oursMs] = await timed(ours);
    const pair: Pair = [oursMs, theirsFirst ?? (await timed(theirs))[1]];
    if (i >= warmUp) pairs.push(pair);
  }
  return pairs;
}

/** A result, and the milliseconds until it was there. */
export async function timed<Result>(work: () => Promise<Result>): Promise<[Result, number]> {
  const start = performance.now();
  const result = await work();
  return [result, performance.now() - start];
}

/** A row of the result from pairs of neighbouring runs. */
export function peerRow(
  { name, precision }: Pick<Ours, "name" | "precision">,
  adapter: string,
  peer: string,
  phase: Phase,
  pairs: readonly Pair[],
): PeerRow {
  const ours = spreadOf(pairs.map(([ms]) => ms));
  const theirs = spreadOf(pairs.map(([, ms]) => ms));
  const ratios = pairs.map(([mine, other]) => other / mine);
  return {
    model: name,
    adapter,
    peer,
    phase,
    precision,
    ours_ms: ours.median,
    peer_ms: theirs.median,
    ratio: theirs.median / ours.median,
    ratio_low: Math.min(...ratios),
    ratio_high: Math.max(...ratios),
    ours,
    theirs,
  };
}
