import { GpuError, WeightsError } from "../errors";
import type { Gpu } from "../gpu/open";
import { type Executable, prepare } from "../gpu/prepare";
import { compile } from "../graph/compile";
import { gpen } from "../graph/gpen";
import type { ReadParameter } from "../graph/node";
import type { Memory } from "../graph/program";
import type { Precision } from "../kernels/layout";
import { chooseFor } from "../lowering/choose";
import type { Checkpoint } from "../weights/checkpoint";
import type { GpenConfig, NoiseMode } from "../weights/config";
import { checkpointReader } from "../weights/gpen";
import { inferConfig } from "../weights/infer_config";
import { openCheckpoint } from "../weights/open_checkpoint";
import { type ModelSource, openModelSource } from "./model_source";

export interface LoadOptions {
  /** "auto" (default) is f16 on hardware that stores it, else f32. */
  readonly precision?: "auto" | Precision;
  /** Entry of a training checkpoint; "g_ema" by default. */
  readonly key?: string;
  /** Noise mode, where tensors cannot tell: "add" and "none" have the same ones. */
  readonly noise?: NoiseMode;
  readonly signal?: AbortSignal;
  /** Called during each of the three phases; units are bytes, bytes and pipelines. */
  readonly onProgress?: (
    phase: "download" | "upload" | "compile",
    done: number,
    of: number | undefined,
  ) => void;
}

/** A restoration network on a GPU. */
export interface Gpen {
  readonly gpu: Gpu;
  readonly config: GpenConfig;
  readonly precision: Precision;
  readonly memory: Memory;
  readonly timings: { readonly loadMs: number; readonly compileMs: number };
  /** The network on the device. Throws GpuError once the model is disposed of. */
  readonly network: Executable;
  /** The same network in f32, made when it is first needed. */
  inF32(): Promise<Executable>;
  /** Frees the model's buffers; the source that it was loaded from may be closed then. */
  dispose(): void;
}

/**
 * Loads a GPEN of any published format: safetensors, PyTorch or ONNX, recognised by its content.
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
  gpu.check();
  const precision = choosePrecision(gpu, options.precision ?? "auto");
  const bytes = await openModelSource(source, {
    signal,
    onProgress: (done, of) => onProgress?.("download", done, of),
  });
  const checkpoint = await openCheckpoint(bytes, { key: options.key });
  const { config, read } = await openGpen(checkpoint, options.noise);
  const made: Executable[] = [];
  const make = async (precision: Precision) => {
    const { limits } = gpu;
    const { output } = gpen(config, 1);
    const program = compile({ output }, { precision, limits, choose: chooseFor(gpu) });
    const network = await prepare(gpu, program, read, { signal, onProgress });
    made.push(network);
    return network;
  };
  const network = await make(precision);
  let f32 = precision === "f32" ? Promise.resolve(network) : undefined;
  let disposed = false;
  const alive = () => {
    if (disposed) throw new GpuError("model: it was disposed of; load it again");
    return network;
  };
  return {
    gpu,
    config,
    precision,
    memory: network.program.memory,
    timings: { loadMs: performance.now() - start, compileMs: network.compileMs },
    get network() {
      return alive();
    },
    async inF32() {
      alive();
      f32 ??= make("f32");
      f32.catch(() => {
        f32 = undefined; // lack of memory may be over at the next picture
      });
      return f32;
    },
    dispose() {
      disposed = true;
      for (const executable of made) executable.dispose();
    },
  };
}

async function openGpen(
  checkpoint: Checkpoint,
  noise: NoiseMode | undefined,
): Promise<{ config: GpenConfig; read: ReadParameter }> {
  const { kind, config } = inferConfig(checkpoint, { noise });
  if (kind !== "gpen") {
    throw new WeightsError(
      `weights: this file holds ${kind === "prior" ? "a GAN prior without an encoder" : "a discriminator"}, which cannot restore; pass a whole GPEN`,
    );
  }
  return { config, read: await checkpointReader(checkpoint, kind, config) };
}

function choosePrecision(gpu: Gpu, wanted: "auto" | Precision): Precision {
  if (wanted === "f16" && !gpu.f16) {
    throw new GpuError(
      `gpu: ${gpu.name} has no shader-f16; load the model with precision "f32" or "auto"`,
    );
  }
  // Software adapters emulate f16: it saves memory there and costs time.
  if (wanted === "auto") return gpu.f16 && !gpu.software ? "f16" : "f32";
  return wanted;
}
