import type { Deadline } from "../deadline";
import type { PeerRow, Phase } from "../result";
import { spreadOf } from "../spread";
import type { Ours } from "./ours";

/** Milliseconds of ours and of the peer, run one after the other. */
export type Pair = readonly [ours: number, theirs: number];

/**
 * Times both in turn, the order changing every time, after a pair that is not counted where three or
 * more are wanted. Both must have run before. Ends early, but not before one pair, at the deadline.
 */
export async function timeInTurn(
  ours: () => Promise<unknown>,
  theirs: () => Promise<unknown>,
  runs: number,
  deadline: Deadline,
  between: () => Promise<void> = async () => {},
): Promise<Pair[]> {
  const pairs: Pair[] = [];
  const warmUp = runs >= 3 ? 1 : 0;
  for (let i = 0; i < warmUp + runs; i++) {
    if (pairs.length > 0 && deadline.passed()) break;
    await between();
    const theirsFirst = i % 2 === 1 ? await msOf(theirs) : undefined;
    const oursMs = await msOf(ours);
    const pair: Pair = [oursMs, theirsFirst ?? (await msOf(theirs))];
    if (i >= warmUp) pairs.push(pair);
  }
  return pairs;
}

export async function msOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
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
