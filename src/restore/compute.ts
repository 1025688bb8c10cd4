import { GpuError, ShapeError } from "../errors";
import type { Gpu } from "../gpu/open";
import { type Executable, prepare } from "../gpu/prepare";
import { recovering } from "../gpu/recover";
import { compile } from "../graph/compile";
import type { Node } from "../graph/node";
import { entry, finish } from "../graph/pictures";
import { type Link, readBytes, submit } from "../graph/run";
import type { SliceOptions } from "../graph/slices";
import type { Precision } from "../kernels/layout";
import { checkSeed } from "./check_seed";
import { inTurn } from "./in_turn";
import type { Gpen } from "./load";
import { type Task, taskTraits } from "./task";

/** How a face is restored. */
export interface RestoreOptions extends SliceOptions {
  /** From 0, the photo as it went in, to 1, the network's output (default). */
  readonly strength?: number;
  /** What the model was trained for; "restore" by default. */
  readonly task?: Task;
  /** For models that enlarge: seed of the noise above the input's size; 0 by default. */
  readonly seed?: number;
}

/** Pictures of one size, to be restored together. */
export interface Photos {
  readonly n: number;
  readonly width: number;
  readonly height: number;
  /** Fills the buffer with one u32 per pixel, one picture after another. */
  write(gpu: Gpu, buffer: GPUBuffer): Promise<void>;
}

export interface Computed<Result> {
  readonly result: Result;
  readonly precision: Precision;
  /** Why it was computed a second time, in f32; undefined if it was not. */
  readonly rerun?: string;
}

/** Throws ShapeError for options that no picture could be restored with. */
export function checkOptions({ strength = 1, task = "restore", seed = 0 }: RestoreOptions): void {
  // null and "" compare as 0 does: the photo would come out unchanged
  if (!(typeof strength === "number" && strength >= 0 && strength <= 1)) {
    throw new ShapeError(`restore: strength ${strength} must be a number from 0 to 1`);
  }
  checkSeed("restore", seed);
  taskTraits(task);
}

/**
 * Runs in the model's precision and looks at the output's range; f16 that fails runs again in f32,
 * and everything again if the device is lost. `take` has the pixels while no other picture runs.
 */
export function compute<Result>(
  model: Gpen,
  photos: Photos,
  options: RestoreOptions,
  take: (finished: Executable) => Promise<Result>,
): Promise<Computed<Result>> {
  const { gpu } = model;
  // One after another: pictures of one model share its buffers.
  const work = () =>
    recovering(gpu, async () => {
      let rerun: string | undefined;
      for (let { precision } = model; ; precision = "f32") {
        options.signal?.throwIfAborted();
        const { finished, fault, finite } = await attempt(model, precision, photos, options);
        if (fault && precision === "f16") rerun = `f16 gave ${fault}`;
        // One colour may be what the picture is; numbers that are not finite never are.
        else if (finite) return { result: await take(finished), precision, rerun };
        else throw new GpuError(`restore: the network gives ${fault} even in f32; ${UNTRAINED}`);
      }
    });
  return inTurn(gpu, work, options.signal);
}

const UNTRAINED = "the weights are not trained, or the driver is at fault";

interface Attempt {
  readonly finished: Executable;
  /** What is wrong with the output, in words. */
  readonly fault: string | undefined;
  readonly finite: boolean;
}

/** Most memory that waits for the next picture; 512 x 512 pixels, in and as planes, take 5 MB. */
const KEPT_BYTES = 16e6;

async function attempt(
  model: Gpen,
  precision: Precision,
  { n, width, height, write }: Photos,
  options: RestoreOptions,
): Promise<Attempt> {
  const { strength = 1, task = "restore", seed = 0 } = options;
  const { gpu, config } = model;
  const { inSize, outSize } = config;
  const { grey, normalise: signed } = taskTraits(task);
  const normalise = config.normalise && signed;
  const network = await model.network(precision, n);
  const sizes = { n, inSize, outSize, normalise, grey };
  const entered = await around(model, precision, "entry", entry, height, width, sizes);
  const finished = await around(model, precision, "finish", finish, n, outSize, normalise);
  const links: Link[] = [
    { from: entered, output: "face", to: network, input: "input" },
    { from: entered, output: "photo", to: finished, input: "photo" },
    { from: network, output: "output", to: finished, input: "restored" },
  ];
  try {
    await write(gpu, entered.buffer(entered.program.inputs.pixels));
    if (outSize > inSize) {
      // Resolutions above the input's have no encoder feature: theirs is noise.
      const { writeGaussianNoise } = await import("./gaussian_noise");
      writeGaussianNoise(network, "extra_noise.", seed);
    }
    const blend = finished.buffer(finished.program.inputs.blend);
    gpu.device.queue.writeBuffer(blend, 0, Float32Array.of(strength, Number(grey)));
    await submit([entered, network, finished], links, options);
    const range = new Float32Array(await readBytes(finished, finished.program.outputs.range));
    options.signal?.throwIfAborted(); // meanwhile: a small network is one submit
    return { finished, ...faultOf(range) };
  } finally {
    // A photo from a camera takes 48 MB here: the next one may have another size.
    if (entered.program.memory.peakBytes > KEPT_BYTES) model.programs.drop("entry");
  }
}

/** What runs before or after the network; the programs for the last size are kept. */
function around<Sizes extends unknown[]>(
  { gpu, programs }: Gpen,
  precision: Precision,
  kind: string,
  describe: (...sizes: Sizes) => Readonly<Record<string, Node>>,
  ...sizes: Sizes
): Promise<Executable> {
  return programs.get(kind, JSON.stringify([precision, sizes]), async () => {
    const program = await compile(describe(...sizes), { precision, limits: gpu.limits });
    return prepare(gpu, program, noParameters);
  });
}

/**
 * What is wrong with the worst picture of a batch, by rows [low, high, bad, 0]. A range under a tenth of
 * a level over a whole face is one flat colour: demodulation overflowed.
 */
export function faultOf(ranges: Float32Array): Omit<Attempt, "finished"> {
  let fault: string | undefined;
  for (let i = 0; i < ranges.length; i += 4) {
    const [low, high, bad] = ranges.subarray(i);
    if (bad > 0) return { fault: `${bad} numbers that are NaN or infinite`, finite: false };
    if (high - low < 0.2 / 255) fault ??= `a flat picture (${low} to ${high})`;
  }
  return { fault, finite: true };
}

async function noParameters(name: string): Promise<never> {
  throw new TypeError(`restore: ${name} was asked for, but these programs have no parameters`);
}
