import { GpuError } from "../errors";
import type { Limits } from "../graph/bands";
import type { ChoiceStore } from "../lowering/kept_choices";
import { adapterName, isSoftware } from "./adapter_name";

/** A device, what it can do, and the pipelines that were made on it. */
export interface Gpu {
  readonly device: GPUDevice;
  /** What the adapter calls itself; software adapters are named as such: "llvmpipe (software)". */
  readonly name: string;
  /** Whether the adapter computes on the CPU (lavapipe, SwiftShader, WARP). */
  readonly software: boolean;
  /** Whether shaders may store and load f16. */
  readonly f16: boolean;
  /** Threads of every subgroup; 0 where shaders have no subgroups, or of several sizes. */
  readonly subgroupSize: number;
  /** Whether steps can be timed. */
  readonly timestamps: boolean;
  readonly limits: Limits;
  /** Where tuned choices of kernels are kept; IndexedDB where it is left out. */
  readonly choices?: ChoiceStore;
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
 * A device opened here has the adapter's largest buffer limits, and shader-f16, subgroups and
 * timestamp-query where it offers them; nothing is required. Throws GpuError if there is no WebGPU or
 * no adapter.
 */
export async function openGpu(options: OpenGpuOptions = {}): Promise<Gpu> {
  if (options.device) {
    // Browsers before 2025 do not say which adapter a device came from.
    return wrap(options.device, options.adapter?.info ?? options.device.adapterInfo ?? {}, false);
  }
  const adapter = options.adapter ?? (await requestAdapter(options.powerPreference));
  const wanted: GPUFeatureName[] = ["shader-f16", "subgroups", "timestamp-query"];
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

function fixedSubgroupSize({ subgroupMinSize, subgroupMaxSize }: Partial<GPUAdapterInfo>): number {
  return subgroupMinSize === subgroupMaxSize ? (subgroupMinSize ?? 0) : 0;
}

function wrap(device: GPUDevice, info: Partial<GPUAdapterInfo>, owned: boolean): Gpu {
  let lost: string | undefined;
  device.lost.then(({ reason, message }) => {
    lost = `gpu: the device was lost (${reason}${message ? `: ${message.split("\n")[0]}` : ""}); open it and load the model again`;
  });
  return {
    device,
    name: adapterName(info),
    software: isSoftware(info),
    f16: device.features.has("shader-f16"),
    subgroupSize: device.features.has("subgroups") ? fixedSubgroupSize(info) : 0,
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
