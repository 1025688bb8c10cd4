import type { Gpen, GpenConfig, ModelSource, Picture } from "gpen-webgpu";
import { prepare } from "../../src/gpu/prepare";
import { recovering } from "../../src/gpu/recover";
import { sharedWeights } from "../../src/gpu/shared_weights";
import { compile } from "../../src/graph/compile";
import { gpen } from "../../src/graph/gpen";
import type { ReadParameter } from "../../src/graph/node";
import type { Program } from "../../src/graph/program";
import { submit } from "../../src/graph/run";
import { readOutput, writeInput } from "../../src/graph/run_alone";
import { loadChoice } from "../../src/lowering/choose";
import { openModelSource } from "../../src/restore/model_source";
import type { Shape } from "../../src/tensor";
import type { Format } from "../../src/weights/format";
import { checkpointReader } from "../../src/weights/gpen";
import { openCheckpoint } from "../../src/weights/open_checkpoint";
import { megabytes } from "../words";

/** An intermediate of the network, (1, c, h, w) or (1, n) in natural order. */
export interface Activation {
  readonly shape: Shape;
  readonly values: Float32Array;
}

/**
 * Runs the model on one aligned face with every intermediate kept, and reads them from the GPU; `take`
 * gets each by its published name, as `gpen run --taps` writes them.
 *
 * Memory    what is kept takes 1.4 times what restore() works in: 0.5 GB in f32 at 512 px, 2 GB at 2048
 * Errors    Error, for visitors, where that does not fit; GpuError as restore(); the signal's reason
 */
export async function activations(
  model: Gpen,
  source: ModelSource,
  formats: readonly Format[],
  face: Picture,
  take: (name: string, activation: Activation) => void,
  signal: AbortSignal,
): Promise<void> {
  const { gpu, config } = model;
  const read = lazily(async () => {
    const bytes = await openModelSource(source, { signal });
    return checkpointReader(await openCheckpoint(bytes, { formats }), "gpen", config);
  });
  await recovering(gpu, async () => {
    const program = await withTaps(model);
    const weights = sharedWeights(program, await model.network(model.precision));
    const executable = await prepare(gpu, program, read, { weights, signal }).catch((error) => {
      throw /out of memory/.test(error.message) ? tooLarge(program, config) : error;
    });
    try {
      writeInput(executable, "input", planes(face, config.normalise));
      await submit([executable], [], { signal });
      for (const name of Object.keys(program.outputs)) {
        signal.throwIfAborted();
        const { shape } = program.tensors[program.outputs[name]];
        take(name, { shape, values: await readOutput(executable, name) });
      }
    } finally {
      executable.dispose();
    }
  });
}

function tooLarge({ memory }: Program, { outSize }: GpenConfig): Error {
  return new Error(
    `Drawing this network of ${outSize} px takes ${megabytes(memory.peakBytes)} more of the graphics card's memory, which are not free; close other tabs that use it, or choose a smaller model`,
  );
}

/** Of a concatenation x is the prior's own half; the other is the encoder's, which has a name too. */
async function withTaps({ gpu, config, precision }: Gpen): Promise<Program> {
  const { output, taps } = gpen(config, 1);
  const own = Object.entries(taps).map(([name, { x }]) => [name, x] as const);
  return await compile(
    { output, ...Object.fromEntries(own) },
    { precision, limits: gpu.limits, choose: await loadChoice(gpu) },
  );
}

/** Most weights lie on the device already: the file is opened only for those that do not. */
function lazily(open: () => Promise<ReadParameter>): ReadParameter {
  let opened: Promise<ReadParameter> | undefined;
  return async (key, shape, memory) => {
    opened ??= open();
    return (await opened)(key, shape, memory);
  };
}

/** RGBA rows to (1, 3, h, w) as the network takes them: [-1, 1], or [0, 1] for one that says so. */
function planes({ data, width, height }: Picture, normalise: boolean): Float32Array {
  const size = width * height;
  const values = new Float32Array(3 * size);
  for (let c = 0; c < 3; c++) {
    for (let i = 0; i < size; i++) {
      const level = data[4 * i + c] / 255;
      values[c * size + i] = normalise ? 2 * level - 1 : level;
    }
  }
  return values;
}
