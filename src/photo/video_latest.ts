/** What comes in faster than it can be worked on: the latest waits, what waited before is dropped. */
export interface Latest<Input, Output> {
  /** The result, or undefined if something later came before this had its turn. */
  push(input: Input): Promise<Output | undefined>;
  /** What waits is dropped. */
  clear(): void;
}

interface Waiting<Input, Output> {
  readonly input: Input;
  settle(result: Promise<Output> | undefined): void;
}

export function latest<Input, Output>(
  work: (input: Input) => Promise<Output>,
): Latest<Input, Output> {
  let busy = false;
  let waiting: Waiting<Input, Output> | undefined;
  const clear = () => {
    waiting?.settle(undefined);
    waiting = undefined;
  };
  const next = () => {
    if (!waiting) {
      busy = false;
      return;
    }
    const { input, settle } = waiting;
    waiting = undefined;
    busy = true;
    const result = work(input);
    settle(result);
    result.then(next, next);
  };
  return {
    push(input) {
      clear();
      return new Promise((settle) => {
        waiting = { input, settle };
        if (!busy) next();
      });
    },
    clear,
  };
}
