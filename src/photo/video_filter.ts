/** Smooths one number that comes with its time in seconds. */
export type Filter = (value: number, seconds: number) => number;

export interface OneEuroOptions {
  /** Hz; what a value at rest is smoothed by. Lower: less jitter. */
  readonly minCutoff: number;
  /** Hz per unit a second; how quickly the filter opens as the value moves. Higher: less lag. */
  readonly beta: number;
}

/** Hz; the paper's own value for the speed, which the filter opens by. */
const SPEED_CUTOFF = 1;

/**
 * The One Euro filter: exponential smoothing whose cutoff grows with the speed.
 *
 * Units     the value's own, and seconds; at a time that is not later than the last nothing changes
 * Source    Casiez, Roussel, Vogel: 1€ Filter, CHI 2012, doi 10.1145/2207676.2208639, algorithm 1
 */
export function oneEuro({ minCutoff, beta }: OneEuroOptions): Filter {
  let last: { readonly x: number; readonly seconds: number } | undefined;
  let smooth = 0;
  let speed = 0;
  return (x, seconds) => {
    if (last) {
      const step = seconds - last.seconds;
      if (step <= 0) return smooth;
      speed += share(SPEED_CUTOFF, step) * ((x - last.x) / step - speed);
      smooth += share(minCutoff + beta * Math.abs(speed), step) * (x - smooth);
    } else {
      smooth = x;
    }
    last = { x, seconds };
    return smooth;
  };
}

/** How much of a new value a low-pass of this cutoff takes after `step` seconds. */
function share(cutoff: number, step: number): number {
  return 1 / (1 + 1 / (2 * Math.PI * cutoff * step));
}
