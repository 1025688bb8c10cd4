import type { Precision } from "../src/kernels/layout";
import type { ModelChoice } from "./models";

/** What a run of the benchmark is asked for; the command line says the same. */
export interface BenchOptions {
  readonly suite: "peers" | "kernels" | "all";
  readonly model: ModelChoice;
  /** "auto", "hardware", "software", or part of an adapter's name. */
  readonly adapter: string;
  readonly precision: Precision;
  /** After this long nothing new is begun. */
  readonly minutes: number;
  /** Also the larger models, and no limit of time. */
  readonly full: boolean;
  /** Measure in Chromium, too; with --full that is so anyway. */
  readonly browser: boolean;
  readonly json?: string;
  readonly html?: string;
  /** A result of before, to compare this run with. */
  readonly compare?: string;
  /** Only this kernel's rows, of these those whose shape holds a text. */
  readonly kernel?: string;
  readonly shape?: string;
  /** Print kernels and shapes and measure nothing. */
  readonly list: boolean;
}
