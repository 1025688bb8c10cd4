import type { Gpu } from "../src/gpu/open";
import { pipelinesFor } from "../src/gpu/pipelines";
import { type Executable, prepare } from "../src/gpu/prepare";
import { compile } from "../src/graph/compile";
import { gpen } from "../src/graph/gpen";
import type { ReadParameter } from "../src/graph/node";
import { profile } from "../src/graph/profile";
import { readOutput, run } from "../src/graph/run";
import { FORMATS } from "../src/importers/index";
import type { Precision } from "../src/kernels/layout";
import { chooseFor } from "../src/lowering/techniques";
import { openFileSource } from "../src/node/file_source";
import { uniform } from "../src/random";
import type { GpenConfig } from "../src/weights/config";
import { checkpointReader } from "../src/weights/gpen";
import { inferConfig } from "../src/weights/infer_config";
import { openCheckpoint } from "../src/weights/open_checkpoint";
import type { ModelRow } from "./result";
import { median } from "./spread";

/** Warm images until a median is taken, where one takes under two seconds; three if it takes more. */
const WARM_RUNS = 7;

/** A network of ours on a device, its first image made. */
export interface Ours {
  readonly name: string;
  readonly precision: Precision;
  readonly config: GpenConfig;
  /** What every engine is given: RGB in [-1, 1], (1, 3, inSize, inSize). */
  readonly input: Float32Array;
  /** The first image, and how long it took after loading. */
  readonly output: Float32Array;
  readonly firstMs: number;
  /** Input in, output out, on the CPU's side as a peer has it. */
  run(): Promise<Float32Array>;
  /** Repeats what loading took apart, and times warm images and every step of one. */
  row(): Promise<ModelRow>;
  close(): void;
}

/**
 * Loads a model from a file of weights with its parts one after another, to see what each takes;
 * what a user gets, who has pipelines compiled while weights are uploaded, is the cold start.
 */
export async function openOurs(
  gpu: Gpu,
  name: string,
  file: string,
  precision: Precision,
): Promise<Ours> {
  const loaded = await load(gpu, file, precision);
  const { executable, config } = loaded;
  const side = config.inSize;
  const next = uniform(7);
  const input = Float32Array.from({ length: 3 * side * side }, () => 2 * next() - 1);
  const once = async () => (await run(executable, { input })).output;
  const start = performance.now();
  const output = await once();
  const firstMs = performance.now() - start;
  return {
    name,
    precision,
    config,
    input,
    output,
    firstMs,
    run: once,
    row: () => modelRow(name, loaded, firstMs, once),
    close: () => executable.dispose(),
  };
}

interface Loaded {
  readonly executable: Executable;
  readonly config: GpenConfig;
  readonly readMs: number;
  readonly uploadMs: number;
  readonly pipelinesMs: number;
}

async function load(gpu: Gpu, file: string, precision: Precision): Promise<Loaded> {
  const source = await openFileSource(file);
  try {
    let readMs = 0;
    const timed = async <Result>(work: () => Promise<Result>): Promise<Result> => {
      const start = performance.now();
      const result = await work();
      readMs += performance.now() - start;
      return result;
    };
    const { config, read } = await timed(async () => {
      const checkpoint = await openCheckpoint(source, { formats: FORMATS });
      const { config } = inferConfig(checkpoint, {});
      return { config, read: await checkpointReader(checkpoint, "gpen", config) };
    });
    const { limits } = gpu;
    const { output } = gpen(config, 1);
    const program = await compile({ output }, { precision, limits, choose: chooseFor(gpu) });
    const start = performance.now();
    await pipelinesFor(gpu, program);
    const pipelinesMs = performance.now() - start;
    const openMs = readMs;
    const timedRead: ReadParameter = (key, scratch) => timed(() => read(key, scratch));
    const executable = await prepare(gpu, program, timedRead);
    const uploadMs = executable.uploadMs - (readMs - openMs);
    return { executable, config, readMs, uploadMs, pipelinesMs };
  } finally {
    await source.close();
  }
}

async function modelRow(
  model: string,
  { executable, readMs, uploadMs, pipelinesMs }: Loaded,
  firstMs: number,
  once: () => Promise<Float32Array>,
): Promise<ModelRow> {
  const warm: number[] = [];
  const readback: number[] = [];
  while (warm.length < (warm[0] > 2000 ? 3 : WARM_RUNS)) {
    const start = performance.now();
    await once();
    const done = performance.now();
    await readOutput(executable, "output");
    warm.push(done - start);
    readback.push(performance.now() - done);
  }
  const { gpu, program } = executable;
  const steps = gpu.timestamps ? await profile(executable) : [];
  return {
    model,
    precision: program.precision,
    phases: {
      read_ms: readMs,
      upload_ms: uploadMs,
      pipelines_ms: pipelinesMs,
      first_ms: firstMs,
      warm_ms: median(warm),
      readback_ms: median(readback),
    },
    weight_bytes: program.memory.weightBytes,
    activation_bytes: program.memory.peakBytes,
    download_bytes: 0,
    peer_download_bytes: 0,
    steps: steps.map(({ label, kernel, gpuMs }) => ({ name: label, kernel, ms: gpuMs })),
  };
}
