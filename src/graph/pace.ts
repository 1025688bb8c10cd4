import { numel } from "../tensor";
import type { DispatchStep } from "./program";

/**
 * What a number that is only moved counts for, in multiply-adds: some ten bytes at the rate of a
 * memory that feeds three multiply-adds per byte, as those of lavapipe and of graphics cards do.
 */
const MACS_PER_NUMBER = 32;

/** Multiply-adds per millisecond that are assumed until slices have been timed. */
const SOFTWARE_RATE = 2e6;
const HARDWARE_RATE = 2e8;
/** Milliseconds from a submit to the news that it is done, which are not the work's. */
const ROUND_TRIP_MS = 1;

const rates = new WeakMap<GPUDevice, number>();

/** How many multiply-adds per millisecond a device has done lately. */
export function rateOf(device: GPUDevice, software: boolean): number {
  return rates.get(device) ?? (software ? SOFTWARE_RATE : HARDWARE_RATE);
}

/** `work` took so long, from its submit until it was done. */
export function learn(device: GPUDevice, software: boolean, work: number, ms: number): void {
  const rate = work / Math.max(0.05, ms - ROUND_TRIP_MS);
  // The mean of old and new: drivers compile at the first run, which must not be taken for pace.
  rates.set(device, (rateOf(device, software) + rate) / 2);
}

/** A step's work in multiply-adds, as far as bands leave it that. */
export function workOf({ kernel, node, band }: DispatchStep): number {
  const [n, , rows = 1] = node.shape;
  const whole = (kernel.macs?.(node.args) ?? 0) + MACS_PER_NUMBER * numel(node.shape);
  return (whole * band.count * band.rows) / (n * rows);
}
