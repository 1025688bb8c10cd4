import { ShapeError } from "../errors";
import type { Gpu } from "../gpu/open";
import { type Executable, prepare } from "../gpu/prepare";
import { recovering } from "../gpu/recover";
import { compile } from "../graph/compile";
import type { ReadParameter } from "../graph/node";
import { finish } from "../graph/pictures";
import { readBytes, submit } from "../graph/run";
import { run, writeInput } from "../graph/run_alone";
import { mapper, sampler } from "../graph/sampler";
import type { SliceOptions } from "../graph/slices";
import { loadChoice } from "../lowering/choose";
import { gaussian } from "../random";
import { type GpenConfig, latentCount } from "../weights/config";
import { openCheckpoint } from "../weights/open_checkpoint";
import { openNetwork } from "../weights/open_network";
import { checkSeed } from "./check_seed";
import { inTurn } from "./in_turn";
import type { LoadOptions } from "./load";
import { type ModelSource, openModelSource } from "./model_source";
import type { Picture } from "./pixels";
import { newPrograms } from "./programs";

/** The GAN prior alone, on a GPU. */
export interface Sampler {
  readonly gpu: Gpu;
  readonly config: GpenConfig;
  /** The mapping network and the generator, on the present device. */
  prior(): Promise<Executable>;
  /**
   * The mean of the mapped latents, which truncation pulls towards. It is estimated at the first call,
   * from 4,096 latents, so that whoever does not truncate never waits for it.
   */
  meanLatent(): Promise<Float32Array>;
  dispose(): void;
}

/** Which face is drawn; the same options give the same face. */
export interface SampleOptions extends SliceOptions {
  /** Seed of the latent and of the noise; 0 by default. */
  readonly seed?: number;
  /** 1 leaves the latent as it is, 0 gives the mean face; 1 by default. */
  readonly truncation?: number;
  /** Seed of a second latent, and the layer from which on it is used. */
  readonly mix?: { readonly seed: number; readonly layer: number };
}

/** Latents that the mean is estimated from: its error is then 1.6 % of their spread. */
const MEAN_SAMPLES = 4096;
const MEAN_BATCH = 512;

/**
 * Loads the prior of a GPEN, or of a generator saved on its own; always in f32.
 *
 * Errors    as loadGpen
 * Source    GPEN face_model/gpen_model.py, Generator
 */
export async function loadSampler(
  gpu: Gpu,
  source: ModelSource,
  options: LoadOptions = {},
): Promise<Sampler> {
  const { signal, onProgress } = options;
  signal?.throwIfAborted();
  await recovering(gpu, async () => {}); // before anything is downloaded
  const bytes = await openModelSource(source, {
    signal,
    onProgress: (done, of) => onProgress?.("download", done, of),
  });
  const checkpoint = await openCheckpoint(bytes, options);
  const { config, read } = await openNetwork(checkpoint, options, "prior");
  let loading: LoadOptions = { signal, onProgress };
  const programs = newPrograms(gpu);
  const prior = () =>
    programs.get("prior", "", async () => {
      const { output } = sampler(config, 1);
      const choose = await loadChoice(gpu);
      const program = await compile({ output }, { limits: gpu.limits, choose });
      return prepare(gpu, program, read, loading);
    });
  await recovering(gpu, prior);
  loading = {}; // loading again belongs to another call
  let mean: Promise<Float32Array> | undefined;
  const meanLatent = () => {
    mean ??= meanOf(gpu, config, read).catch((error) => {
      mean = undefined;
      throw error;
    });
    return mean;
  };
  return { gpu, config, prior, meanLatent, dispose: programs.dispose };
}

async function meanOf(gpu: Gpu, config: GpenConfig, read: ReadParameter): Promise<Float32Array> {
  const { styleDim } = config;
  const mapping = await prepare(
    gpu,
    await compile({ w: mapper(config, MEAN_BATCH) }, { limits: gpu.limits }),
    read,
  );
  try {
    const normal = gaussian(0);
    const sums = new Float64Array(styleDim);
    for (let i = 0; i < MEAN_SAMPLES; i += MEAN_BATCH) {
      const z = Float32Array.from({ length: MEAN_BATCH * styleDim }, normal);
      const { w } = await run(mapping, { "prior.z": z });
      for (let j = 0; j < w.length; j++) sums[j % styleDim] += w[j];
    }
    return Float32Array.from(sums, (sum) => sum / MEAN_SAMPLES);
  } finally {
    mapping.dispose();
  }
}

/**
 * Draws a face from the prior: z → mapping network → image, with Gaussian noise maps.
 *
 * Shapes    → RGBA pixels (outSize, outSize, 4)
 * Errors    ShapeError if truncation or the layer is out of range; GpuError if the device is lost for
 *           good; the signal's reason when aborted
 * Source    StyleGAN2 (arXiv 1912.04958); style mixing and truncation: StyleGAN (arXiv 1812.04948)
 */
export async function sample(model: Sampler, options: SampleOptions = {}): Promise<Picture> {
  const { config, gpu } = model;
  const { seed = 0, truncation = 1, mix, signal } = options;
  const layers = latentCount(config);
  if (!(truncation >= -2 && truncation <= 2)) {
    throw new ShapeError(
      `sample: truncation ${truncation} must be from -2 to 2; 1 leaves the latent as it is`,
    );
  }
  if (mix && !(Number.isInteger(mix.layer) && mix.layer >= 0 && mix.layer <= layers)) {
    throw new ShapeError(
      `sample: the mixing layer ${mix.layer} must be a whole number from 0 to ${layers}`,
    );
  }
  checkSeed("sample", seed);
  if (mix) checkSeed("sample", mix.seed);
  signal?.throwIfAborted();
  const work = () =>
    recovering(gpu, async () => {
      signal?.throwIfAborted();
      // Truncation 1 multiplies the mean by 0.
      const mean = truncation === 1 ? new Float32Array(config.styleDim) : await model.meanLatent();
      const prior = await model.prior();
      writeLatents(prior, config, mean, seed, truncation, mix ?? { seed, layer: layers });
      const { writeGaussianNoise } = await import("./gaussian_noise");
      writeGaussianNoise(prior, "prior.noise.", seed);
      return picture(prior, config, options);
    });
  return inTurn(gpu, work, signal);
}

async function picture(
  prior: Executable,
  { outSize, normalise }: GpenConfig,
  options: SliceOptions,
): Promise<Picture> {
  const { gpu } = prior;
  const { pixels } = finish(1, outSize, normalise);
  const program = await compile({ pixels }, { limits: gpu.limits });
  const finished = await prepare(gpu, program, async () => new Float32Array());
  try {
    writeInput(finished, "blend", Float32Array.of(1, 0));
    const link = { from: prior, output: "output", to: finished, input: "restored" };
    await submit([prior, finished], [link], options);
    const bytes = await readBytes(finished, finished.program.outputs.pixels);
    options.signal?.throwIfAborted();
    return { data: new Uint8ClampedArray(bytes), width: outSize, height: outSize };
  } finally {
    finished.dispose();
  }
}

function writeLatents(
  prior: Executable,
  { styleDim }: GpenConfig,
  mean: Float32Array,
  seed: number,
  truncation: number,
  mix: NonNullable<SampleOptions["mix"]>,
): void {
  const latent = (from: number) => Float32Array.from({ length: styleDim }, gaussian(from));
  writeInput(prior, "prior.z", latent(seed));
  writeInput(prior, "prior.z2", latent(mix.seed));
  writeInput(prior, "prior.w_avg", mean);
  writeInput(prior, "prior.mix_by", Float32Array.of(truncation, mix.layer));
}
