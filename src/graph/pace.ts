import { numel } from "../tensor";
import type { DispatchStep } from "./program";

/**
 * What a number that is only moved counts for, in multiply-adds: some ten bytes at the rate of a
 * memory that feeds three multiply-adds per byte, as those of lavapipe and of graphics cards do.
 */
const MACS_PER_NUMBER = 32;

/** Multiply-adds per millisecond that are assumed until slices have been timed. */
const FIRST_GUESS = { software: 2e6, hardware: 2e8 };
/** Milliseconds from a submit to the news that it is done, which are not the work's. */
const ROUND_TRIP_MS = 1;

/** How fast a device has been lately, to say beforehand how long steps will keep it busy. */
export interface Pace {
  milliseconds(work: number): number;
  /** `work` took so long, from its submit until it was done. */
  learn(work: number, ms: number): void;
}

const paces = new WeakMap<GPUDevice, Pace>();

export function paceOf(device: GPUDevice, software: boolean): Pace {
  const known =
    paces.get(device) ?? newPace(software ? FIRST_GUESS.software : FIRST_GUESS.hardware);
  paces.set(device, known);
  return known;
}

export function newPace(macsPerMs: number): Pace {
  let rate = macsPerMs;
  return {
    milliseconds: (work) => work / rate,
    learn(work, ms) {
      // The mean of old and new: drivers compile at the first run, which must not be taken for pace.
      rate = (rate + work / Math.max(0.05, ms - ROUND_TRIP_MS)) / 2;
    },
  };
}

/** A step's work in multiply-adds, as far as bands leave it that. */
export function workOf({ kernel, node, band }: DispatchStep): number {
  const [n, , rows = band.rows] = node.shape;
  const part = node.shape.length === 4 ? (band.count * band.rows) / (n * rows) : 1;
  return part * ((kernel.macs?.(node.args) ?? 0) + MACS_PER_NUMBER * numel(node.shape));
}
