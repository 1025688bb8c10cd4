import { smallConfig } from "../../bench/page/models";
import { type Gpen, type Gpu, loadGpen, openGpu, type Pixels, restore } from "../../src/index";
import { uniform } from "../../src/random";
import { randomCheckpoint } from "../../src/weights/random";
import { writeSafetensors } from "../../src/weights/write_safetensors";
import { countGpuBytes, type GpuCount } from "./gpu_bytes";

/** What a round does, or what all of them do together. */
export interface Work {
  /** Of the 32 px model, and of the embedded one. */
  readonly restores: number;
  readonly embedded: number;
  /** Restores that are aborted at a random moment and end with the signal's reason. */
  readonly aborted: number;
  /** Models that are loaded, used once and disposed of; every second load is aborted first. */
  readonly loads: number;
  /** Devices destroyed while a picture is computed. */
  readonly losses: number;
}

interface Subject {
  readonly model: Gpen;
  readonly photo: Pixels;
  /** What the first call gave: all others must give the same. */
  readonly expected: Uint8ClampedArray;
  readonly ms: number;
}

const gpuCount = countGpuBytes();
const random = uniform(2021);
const opened = start();

async function start() {
  const gpu = await openGpu();
  const weights = await smallModel();
  const tiny = await (await fetch("/models/gpen-tiny-128.safetensors")).blob();
  return {
    gpu,
    weights,
    small: await subject(gpu, weights, noise(32)),
    embedded: await subject(gpu, tiny, noise(128)),
  };
}

async function smallModel(): Promise<Blob> {
  const { tensors, metadata } = randomCheckpoint("gpen", smallConfig(32), 0);
  const pieces: BlobPart[] = [];
  for await (const piece of writeSafetensors(tensors, metadata, "F32")) {
    pieces.push(piece as Uint8Array<ArrayBuffer>);
  }
  return new Blob(pieces);
}

function noise(side: number): Pixels {
  const data = Uint8ClampedArray.from({ length: 4 * side * side }, () => 256 * random());
  return { data, width: side, height: side };
}

async function subject(gpu: Gpu, weights: Blob, photo: Pixels): Promise<Subject> {
  const model = await loadGpen(gpu, weights);
  const { pixels } = await restore(model, photo);
  const { ms } = await restore(model, photo);
  return { model, photo, expected: pixels.data, ms };
}

async function restoreOnce({ model, photo, expected }: Subject, signal?: AbortSignal) {
  const { data } = (await restore(model, photo, { signal })).pixels;
  const at = data.findIndex((level, i) => level !== expected[i]);
  if (at >= 0) throw new Error(`level ${at} is ${data[at]}, it was ${expected[at]} at first`);
}

/** Whether `work` was cut short by the signal, which is aborted after up to `ms`. */
async function abortedWithin(ms: number, work: (signal: AbortSignal) => Promise<unknown>) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), ms * random());
  try {
    await work(controller.signal);
    return false;
  } catch (error) {
    if (error !== controller.signal.reason) throw error;
    return true;
  } finally {
    clearTimeout(timer);
  }
}

/** Destroys the device up to half a run after a picture was begun, which comes out as ever. */
async function lose(gpu: Gpu, it: Subject): Promise<void> {
  const device = gpu.device;
  let done = false;
  const restored = restoreOnce(it).finally(() => {
    done = true;
  });
  await new Promise((later) => setTimeout(later, 0.5 * it.ms * random()));
  if (done) throw new Error("the picture was done before the device was destroyed");
  device.destroy();
  await restored;
  if (gpu.device === device) throw new Error("the device that was destroyed is still in use");
}

async function loadAndDispose(gpu: Gpu, weights: Blob, photo: Pixels): Promise<void> {
  const model = await loadGpen(gpu, weights);
  await restore(model, photo);
  const { loadMs } = model.timings;
  model.dispose();
  await abortedWithin(loadMs, async (signal) => {
    (await loadGpen(gpu, weights, { signal })).dispose();
  });
}

/** What a round did, and milliseconds that each kind of work took. */
export interface Round {
  readonly done: Work;
  readonly spent: Work;
}

/** Does the work; afterwards everything is as quiet, and as much in use, as it was before. */
async function round(work: Work): Promise<Round> {
  const { gpu, weights, small, embedded } = await opened;
  const spent = { restores: 0, embedded: 0, aborted: 0, loads: 0, losses: 0 };
  const times = async (kind: keyof Work, once: (i: number) => Promise<unknown>) => {
    const start = performance.now();
    for (let i = 0; i < work[kind]; i++) await once(i);
    spent[kind] = performance.now() - start;
  };
  await times("restores", () => restoreOnce(small));
  await times("embedded", () => restoreOnce(embedded));
  await times("aborted", async (i) => {
    const it = i % 4 === 0 ? embedded : small;
    while (!(await abortedWithin(it.ms, (signal) => restoreOnce(it, signal))));
  });
  await times("loads", () => loadAndDispose(gpu, weights, small.photo));
  await times("losses", () => lose(gpu, embedded));
  // The embedded model is back already; this one loads its weights when it is used.
  await restoreOnce(small);
  const { restores, losses } = work;
  return {
    done: { ...work, restores: restores + 1, embedded: work.embedded + losses },
    spent,
  };
}

async function describe(): Promise<string> {
  const { gpu, small, embedded } = await opened;
  const [a, b] = [small.ms, embedded.ms].map((ms) => ms.toFixed(0));
  return `${gpu.name}, ${a} ms for a picture of 32 px, ${b} ms for one of 128 px`;
}

Object.assign(window, { soak: { describe, round, gpuCount } });

declare global {
  var soak: {
    describe(): Promise<string>;
    round(work: Work): Promise<Round>;
    gpuCount(): GpuCount;
  };
}
