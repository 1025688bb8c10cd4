import { GpuError } from "../errors";
import type { Limits } from "../graph/limits";
import { identify } from "./adapter_name";

/** What kernels and memory are chosen by. */
export interface AdapterTraits {
  /** What the adapter calls itself; software adapters are named as such: "llvmpipe (software)". */
  readonly name: string;
  /** Whether the adapter computes on the CPU (lavapipe, SwiftShader, WARP). */
  readonly software: boolean;
  /** Whether shaders may store and load f16. */
  readonly f16: boolean;
  /** Threads of every subgroup; 0 where shaders have no subgroups, or of several sizes. */
  readonly subgroupSize: number;
  readonly limits: Limits;
}

/**
 * About 50 ms of SwiftShader and 20 ms of lavapipe on two cores. Graphics cards need no such limit: the
 * largest layer of all published models, 9.7e9, takes the slowest of them a tenth of a watchdog's 2 s.
 */
const SOFTWARE_MACS = 1e8;

/** Traits of an adapter, or of a device, which has fewer features and limits. */
export function adapterTraits(
  { features, limits }: Pick<GPUAdapter, "features" | "limits">,
  info: Partial<GPUAdapterInfo>,
): AdapterTraits {
  const identity = identify(info);
  const { subgroupMinSize = 0, subgroupMaxSize } = info;
  const fixed = features.has("subgroups") && subgroupMinSize === subgroupMaxSize;
  const { maxStorageBufferBindingSize, maxBufferSize } = limits;
  return {
    ...identity,
    f16: features.has("shader-f16"),
    subgroupSize: fixed ? subgroupMinSize : 0,
    limits: {
      maxStorageBufferBindingSize,
      maxBufferSize,
      maxMacs: identity.software ? SOFTWARE_MACS : undefined,
    },
  };
}

/** The browser's adapter. Throws GpuError if there is no WebGPU, or none is given. */
export async function requestAdapter(powerPreference?: GPUPowerPreference): Promise<GPUAdapter> {
  const api = globalThis.navigator?.gpu;
  const adapter = await api?.requestAdapter({ powerPreference });
  if (adapter) return adapter;
  throw new GpuError(
    api
      ? "gpu: the browser gives no adapter; its GPU may be on a blocklist"
      : "gpu: there is no navigator.gpu; use a browser with WebGPU, over https or on localhost, or in Node openNodeGpu()",
  );
}
