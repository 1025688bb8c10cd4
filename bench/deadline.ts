/** When measuring has to come to an end. */
export interface Deadline {
  passed(): boolean;
  /** Milliseconds that are left, not below 0. */
  leftMs(): number;
  /** A deadline after this share of the time that is left. */
  part(share: number): Deadline;
}

/** A deadline `ms` from now; Infinity for none. */
export function deadlineIn(ms: number): Deadline {
  const end = performance.now() + ms;
  const leftMs = () => Math.max(0, end - performance.now());
  return {
    passed: () => leftMs() === 0,
    leftMs,
    part: (share) => deadlineIn(share * leftMs()),
  };
}
