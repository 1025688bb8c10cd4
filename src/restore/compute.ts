import { GpuError, ShapeError } from "../errors";
import { type Executable, prepare } from "../gpu/prepare";
import { compile } from "../graph/compile";
import type { Node } from "../graph/node";
import { entry, finish } from "../graph/pictures";
import { type Link, readOutput, submit, writeBytes, writeInput } from "../graph/run";
import type { Precision } from "../kernels/layout";
import { checkSeed } from "./check_seed";
import { writeGaussianNoise } from "./gaussian_noise";
import { inTurn } from "./in_turn";
import type { Gpen } from "./load";
import { type ImageInput, type Pixels, pixelsOf } from "./pixels";
import type { RestoreOptions } from "./restore";
import { type TaskTraits, taskTraits } from "./task";

/** Runs in the model's precision and looks at the output's range; f16 that fails runs again in f32. */
export async function compute(
  model: Gpen,
  image: ImageInput,
  options: RestoreOptions,
): Promise<Computed> {
  options.signal?.throwIfAborted();
  model.gpu.check();
  const { strength = 1, task = "restore" } = options;
  if (!(strength >= 0 && strength <= 1)) {
    throw new ShapeError(
      `restore: strength ${strength} must be from 0 (the photo) to 1 (the network's output)`,
    );
  }
  const { submits = 1 } = options;
  if (!(Number.isInteger(submits) && submits >= 1)) {
    throw new ShapeError(`restore: submits ${submits} must be a whole number from 1 on`);
  }
  checkSeed("restore", options.seed ?? 0);
  const pixels = pixelsOf(image);
  const traits = taskTraits(task);
  const given = { ...options, strength };
  // One after another: pictures of one model share its buffers.
  return inTurn(model.gpu, async () => {
    const first = await attempt(model, model.network, pixels, traits, given);
    if (model.precision === "f32" || !first.fault) return accept(first, model.precision);
    first.finished.dispose();
    const second = await attempt(model, await model.inF32(), pixels, traits, given);
    return { ...accept(second, "f32"), rerun: `f16 gave ${first.fault}` };
  });
}

export interface Computed {
  /** Holds the pixels; its owner disposes of it. */
  readonly finished: Executable;
  readonly precision: Precision;
  readonly rerun?: string;
}

interface Attempt {
  readonly finished: Executable;
  /** What is wrong with the output, in words. */
  readonly fault: string | undefined;
  readonly finite: boolean;
}

/** One colour may be what the picture is; numbers that are not finite never are. */
function accept({ finished, fault, finite }: Attempt, precision: Precision): Computed {
  if (finite) return { finished, precision };
  finished.dispose();
  throw new GpuError(
    `restore: the network gives ${fault} even in f32; the weights do not belong to a trained model, or the driver is at fault`,
  );
}

async function attempt(
  model: Gpen,
  network: Executable,
  { data, width, height }: Pixels,
  traits: TaskTraits,
  options: RestoreOptions & { strength: number },
): Promise<Attempt> {
  const { gpu, config } = model;
  const { precision } = network.program;
  const { inSize, outSize } = config;
  const normalise = config.normalise && traits.normalise;
  const prepared = async (outputs: Record<string, Node>) =>
    prepare(gpu, compile(outputs, { precision, limits: gpu.limits }), noParameters);
  const entered = await prepared({
    ...entry(height, width, { inSize, outSize, normalise, grey: traits.grey }),
  });
  try {
    const finished = await prepared({ ...finish(outSize, normalise) });
    try {
      writeBytes(entered, "pixels", data);
      // Resolutions above the input's have no encoder feature: theirs is noise.
      writeGaussianNoise(network, "extra_noise.", options.seed ?? 0);
      writeInput(
        finished,
        "blend",
        Float32Array.of(options.strength, Number(traits.keepLuminance)),
      );
      const links: Link[] = [
        { from: entered, output: "face", to: network, input: "input" },
        { from: entered, output: "photo", to: finished, input: "photo" },
        { from: network, output: "output", to: finished, input: "restored" },
      ];
      await submit([entered, network, finished], links, options);
      const [low, high, bad] = await readOutput(finished, "range");
      return { finished, fault: faultOf(low, high, bad), finite: bad === 0 };
    } catch (error) {
      finished.dispose();
      throw error;
    }
  } finally {
    entered.dispose();
  }
}

/** A range under a tenth of a level over a whole face is one flat colour: demodulation overflowed. */
function faultOf(low: number, high: number, bad: number): string | undefined {
  if (bad > 0) return `${bad} numbers that are NaN or infinite`;
  return high - low < 0.2 / 255 ? `a flat picture (${low} to ${high})` : undefined;
}

async function noParameters(name: string): Promise<never> {
  throw new TypeError(`restore: ${name} was asked for, but these programs have no parameters`);
}
