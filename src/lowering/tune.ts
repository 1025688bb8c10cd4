import type { Gpu } from "../gpu/open";
import type { Choose, Technique } from "../graph/lower";
import type { Node } from "../graph/node";
import type { Precision } from "../kernels/layout";
import { type Candidate, firstLine, type Trial } from "./contest";
import {
  addChoices,
  type ChoiceStore,
  indexedDbChoices,
  type KeptChoice,
  type KeptChoices,
  readChoices,
} from "./kept_choices";
import { candidates, chooseFor } from "./techniques";
import { compilePipelines, hold } from "./trial";
import { callOf, type Plan, plansOf, READABLE } from "./tuning_plan";

export interface TuneOptions {
  readonly precision: Precision;
  /** Milliseconds that it may take; by default 2 s, on software adapters a minute. */
  readonly budgetMs?: number;
  /** Where choices are kept; without it they last as long as what is returned. */
  readonly store?: ChoiceStore;
  /** Measure calls whose choice is kept, too, as far as there is time. */
  readonly again?: boolean;
  readonly signal?: AbortSignal;
  /** What may be chosen; by default what the engine has for this adapter. */
  readonly techniques?: readonly Technique[];
}

export interface Tuning {
  /** The technique for each call; those that were not tuned keep the one that they had. */
  readonly choose: Choose;
  /** Distinct calls that there is a choice for, the one with the most multiply-adds first. */
  readonly calls: readonly TunedCall[];
  readonly ms: number;
}

export interface TunedCall {
  /** Kernel and arguments, but for where in shared vectors its own part lies. */
  readonly call: string;
  /** The nodes that make this call. */
  readonly names: readonly string[];
  readonly macs: number;
  /** Name of a technique, or "readable". */
  readonly chosen: string;
  /** Why: measured now, found in the store, or the default as there was no time or no result. */
  readonly by: "trial" | "kept" | "default";
  readonly trials: readonly Trial[];
}

const BUDGET_MS = 2000;
/** There a call takes up to seconds, and whoever tunes one does so on purpose. */
const SOFTWARE_BUDGET_MS = 60_000;
/** Another than the default must be 3 % faster: medians differ by that from run to run. */
const MARGIN = 0.97;

/**
 * Finds the fastest right technique for each distinct call of a network on this adapter, with random
 * numbers in place of inputs and weights. Every candidate is checked against the plain reference
 * before it is timed.
 *
 * Cost      the budget at most, but for what is under way when it ends; on the GPU the inputs of the
 *           largest call once, and its output once per candidate
 * Errors    GpuError if the device was lost; the signal's reason when aborted. A candidate that fails
 *           is refused, a call that fails keeps its default, and so does a store that fails
 */
export async function tune(
  gpu: Gpu,
  outputs: Readonly<Record<string, Node>>,
  options: TuneOptions,
): Promise<Tuning> {
  const start = performance.now();
  const { budgetMs = gpu.software ? SOFTWARE_BUDGET_MS : BUDGET_MS, store } = options;
  const late = () => performance.now() - start > budgetMs;
  const adapter = adapterKey(gpu);
  const plans = await plansOf(
    gpu,
    outputs,
    options.techniques ?? candidates(gpu),
    options.precision,
  );
  const kept: KeptChoices = store ? await readChoices(store, adapter) : new Map();
  const open = plans.filter((plan) => options.again || !keptFor(plan, kept));
  // Graphics drivers compile on threads of their own: all at once, and not at each call's turn.
  if (!gpu.software) await soon(compileAll(gpu, open), start + budgetMs);
  const calls: TunedCall[] = [];
  const found = new Map<string, KeptChoice>();
  for (const plan of plans) {
    options.signal?.throwIfAborted();
    gpu.check();
    const { call, names, macs, key, version } = plan;
    const trials = open.includes(plan) && !late() ? await tried(gpu, plan, options, late) : [];
    const winner = fastest(trials, plan.candidates);
    const known = trials.length === 0 ? keptFor(plan, kept) : undefined;
    const by = winner !== undefined ? "trial" : known !== undefined ? "kept" : "default";
    const chosen = winner ?? known ?? untried(trials, plan.candidates);
    if (by === "trial") found.set(key, { version, technique: chosen });
    calls.push({ call, names, macs, chosen, by, trials });
  }
  if (store && found.size > 0) await addChoices(store, adapter, found);
  return { choose: chooserOf(gpu, plans, calls), calls, ms: performance.now() - start };
}

/** As tune(); where no store is given, choices are kept where the GPU has one, or in IndexedDB. */
export function tuneKept(
  gpu: Gpu,
  outputs: Readonly<Record<string, Node>>,
  options: TuneOptions,
): Promise<Tuning> {
  const store = options.store ?? gpu.choices ?? indexedDbChoices();
  return tune(gpu, outputs, { ...options, store });
}

/** The technique that is kept for a call, if it was found among these very candidates. */
function keptFor({ key, version, candidates }: Plan, kept: KeptChoices): string | undefined {
  const known = kept.get(key);
  const names = candidates.map(({ name }) => name);
  return known?.version === version && names.includes(known.technique)
    ? known.technique
    : undefined;
}

/** What tells one adapter from another; browsers leave out some of it. */
function adapterKey({ device, name }: Gpu): string {
  const { vendor, architecture, device: model, description } = device.adapterInfo ?? {};
  return [name, vendor, architecture, model, description].filter(Boolean).join(" / ");
}

async function compileAll(gpu: Gpu, plans: readonly Plan[]): Promise<void> {
  await compilePipelines(
    gpu,
    plans.flatMap(({ contest }) => contest.entries.map(({ alone }) => alone)),
  );
}

/** Waits for work that goes on by itself, but not beyond a moment. */
async function soon(work: Promise<void>, moment: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = new Promise<void>((done) => {
    timer = setTimeout(done, moment - performance.now());
  });
  work.catch(() => {}); // when it fails after that, nobody listens any more
  await Promise.race([work, end]).finally(() => clearTimeout(timer));
}

/** A call that fails as a whole, for lack of memory say, has no result. */
async function tried(gpu: Gpu, plan: Plan, options: TuneOptions, late: () => boolean) {
  try {
    return await hold(gpu, plan.contest, { ...options, late });
  } catch (error) {
    options.signal?.throwIfAborted();
    gpu.check();
    return plan.candidates.map(({ name }): Trial => ({ name, refused: firstLine(error) }));
  }
}

/** The fastest right candidate, or undefined if fewer were timed than could have won. */
function fastest(trials: readonly Trial[], candidates: readonly Candidate[]): string | undefined {
  const open = trials.filter(({ refused }) => refused === undefined);
  if (open.length === 0 || trials.length < candidates.length) return undefined;
  if (open.some(({ ms }) => ms === undefined)) return undefined;
  const best = open.reduce((a, b) => (b.ms! < a.ms! ? b : a));
  const usual = open.find(({ name }) => name === candidates[0].name);
  return usual && best.ms! > MARGIN * usual.ms! ? usual.name : best.name;
}

/** The default; the readable kernel if there was time enough to see that the default is wrong. */
function untried(trials: readonly Trial[], [{ name }]: readonly Candidate[]): string {
  return trials.some((trial) => trial.name === name && trial.error !== undefined && trial.refused)
    ? READABLE
    : name;
}

function chooserOf(gpu: Gpu, plans: readonly Plan[], calls: readonly TunedCall[]): Choose {
  const chosen = new Map(
    plans.map(({ call, candidates }, i) => [
      call,
      candidates.find(({ name }) => name === calls[i].chosen)!,
    ]),
  );
  const usual = chooseFor(gpu);
  return (node) => {
    const candidate = chosen.get(callOf(node));
    return candidate ? candidate.technique : usual(node);
  };
}
