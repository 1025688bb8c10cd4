import { GpuError } from "../errors";
import type { Limits } from "../graph/bands";

/** A device, what it can do, and the pipelines that were made on it. */
export interface Gpu {
  readonly device: GPUDevice;
  /** What the adapter calls itself; software adapters are named as such: "llvmpipe (software)". */
  readonly name: string;
  /** Whether the adapter computes on the CPU (lavapipe, SwiftShader, WARP). */
  readonly software: boolean;
  /** Whether shaders may store and load f16. */
  readonly f16: boolean;
  /** Whether steps can be timed. */
  readonly timestamps: boolean;
  readonly limits: Limits;
  /** Compiled pipelines by kernel and variant; models on one device share them. */
  readonly pipelines: Map<string, Promise<GPUComputePipeline>>;
  /** Throws a GpuError if the device was lost. */
  check(): void;
  /** Destroys the device, unless the caller brought it. */
  dispose(): void;
}

export interface OpenGpuOptions {
  /** A device of the caller's, with the limits and features that it was opened with. */
  readonly device?: GPUDevice;
  /** An adapter of the caller's, for example Dawn's in Node. */
  readonly adapter?: GPUAdapter;
  readonly powerPreference?: GPUPowerPreference;
}

/**
 * Opens the default WebGPU adapter, one of the caller's, or wraps the caller's device.
 *
 * A device opened here has the adapter's largest buffer limits, and shader-f16 and timestamp-query
 * where it offers them; nothing is required. Throws GpuError if there is no WebGPU or no adapter.
 */
export async function openGpu(options: OpenGpuOptions = {}): Promise<Gpu> {
  if (options.device)
    return wrap(options.device, options.adapter?.info ?? options.device.adapterInfo, false);
  const adapter = options.adapter ?? (await requestAdapter(options.powerPreference));
  const wanted: GPUFeatureName[] = ["shader-f16", "timestamp-query"];
  const { maxStorageBufferBindingSize, maxBufferSize } = adapter.limits;
  const device = await adapter.requestDevice({
    label: "gpen-webgpu",
    requiredFeatures: wanted.filter((feature) => adapter.features.has(feature)),
    requiredLimits: { maxStorageBufferBindingSize, maxBufferSize },
  });
  return wrap(device, adapter.info, true);
}

async function requestAdapter(powerPreference?: GPUPowerPreference): Promise<GPUAdapter> {
  const api = typeof navigator === "undefined" ? undefined : navigator.gpu;
  if (!api) {
    throw new GpuError(
      "gpu: there is no navigator.gpu here; use a browser with WebGPU, or pass an adapter (in Node: the webgpu package)",
    );
  }
  const adapter = await api.requestAdapter({ powerPreference });
  if (!adapter)
    throw new GpuError(
      "gpu: the browser has WebGPU but gives no adapter; its GPU may be on the browser's blocklist",
    );
  return adapter;
}

function wrap(device: GPUDevice, info: GPUAdapterInfo | undefined, owned: boolean): Gpu {
  let lost: string | undefined;
  device.lost.then(({ reason, message }) => {
    lost = `gpu: the device was lost (${reason}${message ? `: ${message.split("\n")[0]}` : ""}); open it and load the model again`;
  });
  const software = isSoftware(info);
  return {
    device,
    name: `${nameOf(info)}${software ? " (software)" : ""}`,
    software,
    f16: device.features.has("shader-f16"),
    timestamps: device.features.has("timestamp-query"),
    limits: device.limits,
    pipelines: new Map(),
    check() {
      if (lost) throw new GpuError(lost);
    },
    dispose() {
      if (owned) device.destroy();
    },
  };
}

function nameOf(info: GPUAdapterInfo | undefined): string {
  const parts = [info?.device, info?.architecture, info?.vendor].filter((part) => part);
  return info?.description || parts.join(" ") || "unnamed adapter";
}

/** Dawn says so itself since 2025; older browsers only by the driver's name. */
function isSoftware(info: GPUAdapterInfo | undefined): boolean {
  const names = `${info?.vendor} ${info?.architecture} ${info?.device} ${info?.description}`;
  return (
    info?.isFallbackAdapter === true ||
    /llvmpipe|lavapipe|swiftshader|basic render|warp/i.test(names)
  );
}
