import type { Gpu } from "../gpu/open";

const last = new WeakMap<Gpu, Promise<unknown>>();

/** Runs `work` when all that was given before for the same GPU has ended, well or badly. */
export function inTurn<Result>(gpu: Gpu, work: () => Promise<Result>): Promise<Result> {
  const before = last.get(gpu) ?? Promise.resolve();
  const turn = before.then(work);
  const ended = () => {}; // without the result, which would be kept until the next
  last.set(gpu, turn.then(ended, ended));
  return turn;
}
