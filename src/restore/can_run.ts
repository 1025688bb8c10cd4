import { GpuError } from "../errors";
import { type AdapterTraits, adapterTraits, requestAdapter } from "../gpu/adapter";
import type { Gpu } from "../gpu/open";
import { compile } from "../graph/compile";
import { gpen } from "../graph/gpen";
import type { Precision } from "../kernels/layout";
import { loadChoice } from "../lowering/choose";
import { numel } from "../tensor";
import { checkConfig } from "../weights/check_config";
import type { GpenConfig } from "../weights/config";
import { parameters } from "../weights/parameters";
import { publishedConfig } from "../weights/published_config";
import { choosePrecision } from "./precision";

/** The configuration of the model that comes with the package, gpen-tiny-128.safetensors. */
export const EMBEDDED_CONFIG: GpenConfig = {
  inSize: 128,
  outSize: 128,
  styleDim: 128,
  nMlp: 4,
  channelMultiplier: 1,
  narrow: 0.1875,
  noise: "concat",
  normalise: true,
};

/** On what the model is to run, and in which precision. */
export interface CanRunOptions {
  /** Of loadGpen; "auto" by default. */
  readonly precision?: "auto" | Precision;
  /** Where it is to run: a GPU that is open, or an adapter; the browser's default adapter otherwise. */
  readonly on?: Gpu | GPUAdapter;
}

/** Whether a model fits a device, and what it will take. */
export interface CanRun {
  readonly ok: boolean;
  /** Why not, in one sentence. */
  readonly reason?: string;
  /** The adapter, "" where there is none; one that computes on the CPU is named so. */
  readonly adapter: string;
  readonly software: boolean;
  /** What loadGpen would store activations and convolution weights as. */
  readonly precision: Precision;
  readonly bytes: {
    /** Of a file with all parameters in f32, and in f16. */
    readonly file: Readonly<Record<Precision, number>>;
    /** On the device: weights, and activations while a picture is computed. */
    readonly weights: number;
    readonly activations: number;
  };
}

/**
 * Says before anything is downloaded whether a model fits this device: its limits, f16, and the
 * memory that it takes. How much memory there is, WebGPU does not tell.
 *
 * Units     model: a configuration, or the size of a published GPEN: 256, 512, 1024 or 2048; bytes
 * Errors    ShapeError if no GPEN has this configuration, WeightsError for another size
 */
export async function canRun(
  model: GpenConfig | number,
  { precision = "auto", on }: CanRunOptions = {},
): Promise<CanRun> {
  const config = typeof model === "number" ? publishedConfig(model) : model;
  checkConfig(config);
  const values = parameters("gpen", config).reduce((sum, { shape }) => sum + numel(shape), 0);
  const file = { f32: 4 * values, f16: 2 * values };
  const no = { ok: false, adapter: "", software: false, precision: "f32" as Precision };
  const nothing = { file, weights: 0, activations: 0 };
  const where = await lookAt(on);
  if (typeof where === "string") return { ...no, reason: where, bytes: nothing };
  const { name: adapter, software, limits } = where;
  try {
    no.precision = choosePrecision(where, precision);
    const { output } = gpen(config, 1);
    const choose = await loadChoice(where);
    const { memory } = await compile({ output }, { precision: no.precision, limits, choose });
    const bytes = { file, weights: memory.weightBytes, activations: memory.peakBytes };
    return { ...no, ok: true, adapter, software, bytes };
  } catch (error) {
    if (!(error instanceof GpuError)) throw error;
    return { ...no, reason: error.message, adapter, software, bytes: nothing };
  }
}

/** What is known of the device, or why there is none. */
async function lookAt(on: Gpu | GPUAdapter | undefined): Promise<AdapterTraits | string> {
  if (on && "pipelines" in on) return on;
  try {
    const adapter = on ?? (await requestAdapter());
    return adapterTraits(adapter, adapter.info);
  } catch (error) {
    if (!(error instanceof GpuError)) throw error;
    return error.message;
  }
}
