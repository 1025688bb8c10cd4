import type { Gpu } from "../gpu/open";
import { given } from "../gpu/recover";

const last = new WeakMap<Gpu, Promise<unknown>>();

/**
 * Runs `work` when all that was given before for the same GPU has ended, well or badly. Rejects with the
 * signal's reason as soon as it is aborted in wait; from then on `work` hears of it.
 */
export function inTurn<Result>(
  gpu: Gpu,
  work: () => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  return new Promise((done, fail) => {
    given(gpu);
    const stop = () => fail(signal?.reason);
    signal?.addEventListener("abort", stop);
    const turn = (last.get(gpu) ?? Promise.resolve()).then(() => {
      signal?.removeEventListener("abort", stop);
      signal?.throwIfAborted();
      return work();
    });
    turn.then(done, fail);
    const ended = () => {}; // without the result, which would be kept until the next
    last.set(gpu, turn.then(ended, ended));
  });
}
