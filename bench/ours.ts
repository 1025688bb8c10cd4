import type { Gpu } from "../src/gpu/open";
import { pipelinesFor } from "../src/gpu/pipelines";
import { type Executable, prepare } from "../src/gpu/prepare";
import { compile } from "../src/graph/compile";
import { gpen } from "../src/graph/gpen";
import type { ReadParameter } from "../src/graph/node";
import { profile } from "../src/graph/profile";
import { readOutput, run } from "../src/graph/run_alone";
import type { Precision } from "../src/kernels/layout";
import { chooseFor } from "../src/lowering/techniques";
import { uniform } from "../src/random";
import type { ByteSource } from "../src/weights/byte_source";
import type { GpenConfig } from "../src/weights/config";
import { checkpointReader } from "../src/weights/gpen";
import { openCheckpoint } from "../src/weights/open_checkpoint";
import type { ModelRow } from "./result";
import { median } from "./spread";

/** Warm images until a median is taken, where one takes under two seconds; three if it takes more. */
const WARM_RUNS = 7;
/** Browsers round timestamps to 0.1 ms; steps shorter than this on average would mostly read 0. */
const LEAST_STEP_MS = "document" in globalThis ? 1 : 0;

/** A network with its weights, and what every engine is given. */
export interface Subject {
  /** As results name it: "tiny", "GPEN-256". */
  readonly name: string;
  readonly config: GpenConfig;
  /** A safetensors file. */
  readonly source: ByteSource;
  /** RGB in [-1, 1], (1, 3, inSize, inSize). */
  readonly input: Float32Array;
}

/** An input where a photo would show nothing: uniform numbers, the same at every run. */
export function randomPlanes(side: number): Float32Array {
  const next = uniform(7);
  return Float32Array.from({ length: 3 * side * side }, () => 2 * next() - 1);
}

/** A network of ours on a device, its first image made. */
export interface Ours {
  readonly name: string;
  readonly precision: Precision;
  readonly input: Float32Array;
  readonly output: Float32Array;
  readonly firstMs: number;
  /** Reading, uploading and compiling together. */
  readonly loadMs: number;
  /** Input in, output out, on the CPU's side as a peer has it. */
  run(): Promise<Float32Array>;
  /** What loading took apart, and warm images, seven or three if nothing is said, with every step of one. */
  row(runs?: number): Promise<ModelRow>;
  close(): void;
}

/**
 * Loads a model with its parts one after another, to see what each takes, and makes an image; what a
 * user gets, who has pipelines compiled while weights are uploaded, is the cold start.
 */
export async function openOurs(gpu: Gpu, subject: Subject, precision: Precision): Promise<Ours> {
  const loaded = await load(gpu, subject, precision);
  const { name, input } = subject;
  const once = async () => (await run(loaded.executable, { input })).output;
  const start = performance.now();
  const output = await once();
  const firstMs = performance.now() - start;
  return {
    name,
    precision,
    input,
    output,
    firstMs,
    loadMs: loaded.readMs + loaded.uploadMs + loaded.pipelinesMs,
    run: once,
    row: (runs) => modelRow(name, loaded, firstMs, runs, once),
    close: () => loaded.executable.dispose(),
  };
}

interface Loaded {
  readonly executable: Executable;
  readonly readMs: number;
  readonly uploadMs: number;
  readonly pipelinesMs: number;
}

async function load(gpu: Gpu, { source, config }: Subject, precision: Precision) {
  let readMs = 0;
  const reading = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    const start = performance.now();
    const result = await work();
    readMs += performance.now() - start;
    return result;
  };
  const read = await reading(async () =>
    checkpointReader(await openCheckpoint(source), "gpen", config),
  );
  const { output } = gpen(config, 1);
  const { limits } = gpu;
  const program = await compile({ output }, { precision, limits, choose: chooseFor(gpu) });
  const start = performance.now();
  await pipelinesFor(gpu, program);
  const pipelinesMs = performance.now() - start;
  const openMs = readMs;
  const timedRead: ReadParameter = (key, shape, scratch) =>
    reading(() => read(key, shape, scratch));
  const began = performance.now();
  const executable = await prepare(gpu, program, timedRead);
  const uploadMs = performance.now() - began - (readMs - openMs);
  return { executable, readMs, uploadMs, pipelinesMs };
}

async function modelRow(
  model: string,
  { executable, readMs, uploadMs, pipelinesMs }: Loaded,
  firstMs: number,
  runs: number | undefined,
  once: () => Promise<Float32Array>,
): Promise<ModelRow> {
  const [warm, readback]: number[][] = [[], []];
  while (warm.length < (runs ?? (warm[0] > 2000 ? 3 : WARM_RUNS))) {
    const start = performance.now();
    await once();
    const done = performance.now();
    await readOutput(executable, "output");
    warm.push(done - start);
    readback.push(performance.now() - done);
  }
  const { precision, memory } = executable.program;
  return {
    model,
    precision,
    phases: {
      read_ms: readMs,
      upload_ms: uploadMs,
      pipelines_ms: pipelinesMs,
      first_ms: firstMs,
      warm_ms: median(warm),
      readback_ms: median(readback),
    },
    weight_bytes: memory.weightBytes,
    activation_bytes: memory.peakBytes,
    download_bytes: 0,
    peer_download_bytes: 0,
    steps: await stepsOf(executable, median(warm)),
  };
}

async function stepsOf(executable: Executable, warmMs: number): Promise<ModelRow["steps"]> {
  const { gpu, program } = executable;
  if (!gpu.timestamps || warmMs < LEAST_STEP_MS * program.steps.length) return [];
  const times = await profile(executable);
  return times.map(({ label, kernel, gpuMs }) => ({ name: label, kernel, ms: gpuMs }));
}
