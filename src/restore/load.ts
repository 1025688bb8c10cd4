import type { Gpu } from "../gpu/open";
import { type Executable, prepare } from "../gpu/prepare";
import { recovering } from "../gpu/recover";
import { compile } from "../graph/compile";
import { gpen } from "../graph/gpen";
import type { Choose } from "../graph/lower";
import type { ReadParameter } from "../graph/node";
import type { Memory } from "../graph/program";
import type { Precision } from "../kernels/layout";
import { loadChoice } from "../lowering/choose";
import type { ChoiceStore } from "../lowering/kept_choices";
import type { GpenConfig, NoiseMode } from "../weights/config";
import type { Format } from "../weights/format";
import { openCheckpoint } from "../weights/open_checkpoint";
import { openNetwork } from "../weights/open_network";
import { type ModelSource, openModelSource } from "./model_source";
import { choosePrecision } from "./precision";
import { newPrograms, type Programs } from "./programs";

/** How a model is read and made, and who is told how far it is. */
export interface LoadOptions {
  /** "auto" (default) is f16 on hardware that stores it, else f32. */
  readonly precision?: "auto" | Precision;
  /** Entry of a training checkpoint; "g_ema" by default. */
  readonly key?: string;
  /** What is read beside safetensors: importers of gpen-webgpu/importers. */
  readonly formats?: readonly Format[];
  /** Noise mode, where tensors cannot tell: "add" and "none" have the same ones. */
  readonly noise?: NoiseMode;
  /**
   * Measure which kernels are fastest on this adapter before the model is made, 2 s at most, or take
   * what was measured on another visit. Kept in IndexedDB, with openNodeGpu in the user's cache.
   */
  readonly tune?: boolean | TuneLimits;
  readonly signal?: AbortSignal;
  /** Called during each of the three phases; units are bytes, bytes and pipelines. */
  readonly onProgress?: (
    phase: "download" | "upload" | "compile",
    done: number,
    of: number | undefined,
  ) => void;
}

/** How long tuning may take, and where its choices are kept. */
export interface TuneLimits {
  /** Milliseconds that it may take: by default 2000, on adapters that compute on the CPU 60,000. */
  readonly budgetMs?: number;
  /** Where choices are kept instead. */
  readonly store?: ChoiceStore;
}

/** A restoration network on a GPU. */
export interface Gpen {
  readonly gpu: Gpu;
  readonly config: GpenConfig;
  readonly precision: Precision;
  readonly memory: Memory;
  readonly timings: { readonly loadMs: number; readonly compileMs: number };
  /**
   * The network for n pictures at a time; made when first asked for, from the source that the model
   * was loaded from, and again when the device was lost. Throws GpuError once the model is disposed of.
   */
  network(precision?: Precision, n?: number): Promise<Executable>;
  /** What runs before and after the network. */
  readonly programs: Programs;
  /** Frees the model's buffers; the source that it was loaded from may be closed then. */
  dispose(): void;
}

/**
 * Loads a GPEN: safetensors, or what the importers in `formats` read, recognised by its content.
 *
 * Errors    WeightsError if the file is damaged or is no GPEN; GpuError if the model does not fit the
 *           device, or "f16" is asked of one without it; the signal's reason when aborted
 * Source    GPEN face_model/gpen_model.py, FullGenerator
 */
export async function loadGpen(
  gpu: Gpu,
  source: ModelSource,
  options: LoadOptions = {},
): Promise<Gpen> {
  const start = performance.now();
  const { signal, onProgress } = options;
  signal?.throwIfAborted();
  await recovering(gpu, async () => {}); // before anything is downloaded
  const precision = choosePrecision(gpu, options.precision ?? "auto");
  const bytes = await openModelSource(source, {
    signal,
    onProgress: (done, of) => onProgress?.("download", done, of),
  });
  const checkpoint = await openCheckpoint(bytes, options);
  const { config, read } = await openNetwork(checkpoint, options);
  // The tuner is no part of what everybody loads.
  const tuned = options.tune && (await import("./tuned_choice")).tunedChoice;
  const choose = tuned && (await tuned(gpu, config, precision, options));
  const { programs, network } = networks(gpu, config, precision, read, choose, options);
  const first = await recovering(gpu, () => network(precision)).catch((error) => {
    programs.dispose();
    throw error;
  });
  const { program, compileMs } = first;
  return {
    gpu,
    config,
    precision,
    memory: program.memory,
    timings: { loadMs: performance.now() - start, compileMs },
    programs,
    network: (wanted = precision, n = 1) => network(wanted, n),
    dispose: programs.dispose,
  };
}

/** One network per precision, and one for the last number of pictures above 1. */
function networks(
  gpu: Gpu,
  config: GpenConfig,
  precision: Precision,
  read: ReadParameter,
  tuned: Choose | false | undefined,
  { signal, onProgress }: LoadOptions,
) {
  const programs = newPrograms(gpu);
  let loading: LoadOptions = { signal, onProgress };
  const network = (wanted: Precision, n = 1): Promise<Executable> =>
    programs.get(`${wanted} ${n > 1 ? "batch" : "single"}`, `${n}`, async () => {
      const single = n > 1 ? await network(wanted) : undefined;
      const { limits } = gpu;
      // The picture that f16 cannot hold waits already: f32 is not tuned for it.
      const choose = (wanted === precision && tuned) || (await loadChoice(gpu));
      const program = await compile(
        { output: gpen(config, n).output },
        { precision: wanted, limits, choose },
      );
      const weights =
        single && (await import("../gpu/shared_weights")).sharedWeights(program, single);
      const made = await prepare(gpu, program, read, { ...loading, weights });
      loading = {}; // what comes later belongs to another call, which nobody aborts with this signal
      return made;
    });
  return { programs, network };
}
