import { type Gpu, openGpu } from "../../src/gpu/open";
import type { Precision } from "../../src/kernels/layout";
import { openCeilings } from "../ceilings";
import { type Deadline, deadlineIn } from "../deadline";
import { type Ours, openOurs } from "../ours";
import type { BenchResult, Ceilings, ModelRow, PeerRow } from "../result";
import { besidePeer } from "./beside";
import { browserEnvironment } from "./environment";
import { openPageModel, type PageModel } from "./models";
import type { PageOptions } from "./options";

/** The pictures that were compared. */
export interface Pictures {
  readonly model: string;
  readonly precision: Precision;
  /** Whether the input is a photo, and the output worth a look. */
  readonly photo: boolean;
  readonly side: number;
  readonly input: Float32Array;
  readonly ours: Float32Array;
  readonly theirs?: Float32Array;
}

export interface PageRun {
  readonly result: BenchResult;
  /** Peers whose picture differs from ours, one sentence each; they were not timed. */
  readonly refused: readonly string[];
  readonly pictures: readonly Pictures[];
}

export interface Watch {
  readonly signal: AbortSignal;
  /** What begins now, and the share of the parts that are done. */
  say(line: string, share: number): void;
}

const NO_CEILINGS: Ceilings = { fmaGflops: 0, matmulGflops: 0, copyGbps: 0 };

/** What has been found so far, and what the parts of a run need. */
interface Run {
  readonly gpu: Gpu;
  readonly options: PageOptions;
  readonly deadline: Deadline;
  readonly begin: (line: string) => Promise<void>;
  readonly pause: () => Promise<void>;
  readonly signal: AbortSignal;
  readonly models: ModelRow[];
  readonly peers: PeerRow[];
  readonly refused: string[];
  readonly notes: string[];
  readonly pictures: Pictures[];
}

/**
 * Measures what the options say in this page, on the browser's adapter of high performance.
 *
 * Errors    GpuError without WebGPU; the signal's reason when stopped
 */
export async function measurePage(
  options: PageOptions,
  commit: string,
  watch: Watch,
): Promise<PageRun> {
  const gpu = await openGpu({ powerPreference: "high-performance" });
  try {
    const run = startRun(gpu, options, watch);
    if (options.models.length === 0) run.notes.push("no model was chosen, so none was measured");
    const meter = options.ceilings ? await openCeilings(gpu) : undefined;
    try {
      if (meter) await run.begin("the adapter's ceilings");
      await meter?.measure();
      for (const each of options.models) await measureModel(run, each.choice, each.runs);
      // again, as a shared machine drifts; it takes half a minute in SwiftShader
      if (!gpu.software) await meter?.measure();
      const ceilings = meter?.ceilings() ?? NO_CEILINGS;
      if (!meter) run.notes.push("the ceilings were left out of this run");
      return { ...run, result: await resultOf(run, commit, ceilings) };
    } finally {
      meter?.dispose();
    }
  } finally {
    gpu.dispose();
  }
}

function startRun(gpu: Gpu, options: PageOptions, { signal, say }: Watch): Run {
  const perModel = 2 + options.patterns.length;
  const parts = options.models.length * precisionsOf(gpu).length * perModel + 1;
  let begun = 0;
  // lets the page paint, and a click on Stop arrive
  const pause = async () => {
    await new Promise((done) => setTimeout(done));
    signal.throwIfAborted();
  };
  const begin = async (line: string) => {
    say(line, Math.min(1, begun++ / parts));
    await pause();
  };
  const deadline = deadlineIn(60_000 * options.minutes);
  const found = { models: [], peers: [], refused: [], notes: [], pictures: [] };
  return { gpu, options, deadline, begin, pause, signal, ...found };
}

/** f16 too where a graphics card stores it; software emulates it and only loses time. */
function precisionsOf(gpu: Gpu): Precision[] {
  return gpu.f16 && !gpu.software ? ["f32", "f16"] : ["f32"];
}

type Choice = PageOptions["models"][number]["choice"];

async function measureModel(run: Run, choice: Choice, runs: number): Promise<void> {
  const { gpu, deadline, notes, begin, signal } = run;
  if (deadline.passed()) {
    notes.push(`${choice} was left out when the time was up; allow more minutes`);
    return;
  }
  await begin(`${choice}: making its weights`);
  const model = await openPageModel(choice, signal);
  for (const precision of precisionsOf(gpu)) {
    await begin(`${model.name} ${precision}: ours`);
    const ours = await openOurs(gpu, model, precision);
    try {
      run.models.push(await ours.row(runs));
      const theirs = await besideAll(run, ours, model, runs);
      const { name, photo, input, config } = model;
      const pictures = { photo, side: config.inSize, input, ours: ours.output, theirs };
      run.pictures.push({ model: name, precision, ...pictures });
    } finally {
      ours.close();
    }
  }
}

/** Every pattern of the peer's file in turn; returns the last picture that the peer made. */
async function besideAll(run: Run, ours: Ours, model: PageModel, runs: number) {
  const { gpu, options, deadline, begin, pause: between } = run;
  const adapter = gpu.name;
  let theirs: Float32Array | undefined;
  for (const [i, pattern] of options.patterns.entries()) {
    const what = `${ours.name} ${ours.precision} on onnxruntime-web, ${pattern}`;
    if (deadline.passed()) {
      run.notes.push(`${what} was left out when the time was up; allow more minutes`);
      continue;
    }
    await begin(what);
    const share = deadline.part(1 / (options.patterns.length - i));
    const found = await besidePeer(ours, model, {
      adapter,
      pattern,
      runs,
      deadline: share,
      between,
    });
    run.peers.push(...found.rows);
    run.refused.push(...found.refused);
    run.notes.push(...found.notes);
    theirs = found.output ?? theirs;
  }
  return theirs;
}

async function resultOf(run: Run, commit: string, ceilings: Ceilings): Promise<BenchResult> {
  return {
    version: 1,
    date: new Date().toISOString(),
    commit,
    environment: await browserEnvironment(run.gpu),
    ceilings,
    peers: run.peers,
    models: run.models,
    kernels: [],
    notes: [...run.refused, ...run.notes],
  };
}
