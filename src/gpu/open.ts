import { GpuError } from "../errors";
import type { ChoiceStore } from "../lowering/kept_choices";
import { type AdapterTraits, adapterTraits, requestAdapter } from "./adapter";

/** A device, what it can do, and the pipelines that were made on it. After a loss it is another one. */
export interface Gpu extends Traits {
  /** Counts the devices it has had: what was made on an earlier one is gone. */
  readonly generation: number;
  /** Where tuned choices of kernels are kept; IndexedDB where it is left out. */
  readonly choices?: ChoiceStore;
  /** Throws a GpuError if the device was lost. */
  check(): void;
  /**
   * After a loss, opens another device, of another adapter, because an adapter gives only one. Throws
   * GpuError where the device is the caller's or was disposed of, or there is none to be had.
   */
  recover(): Promise<void>;
  /** Goes on with a device of the caller's; models load their weights again when they are used. */
  adopt(device: GPUDevice): void;
  /** Destroys the device, unless the caller brought it. */
  dispose(): void;
}

/** Opens a device. */
export type Open = () => Promise<Traits>;

/** What follows from the device and its adapter. */
export interface Traits extends AdapterTraits {
  readonly device: GPUDevice;
  /** Whether steps can be timed. */
  readonly timestamps: boolean;
  /** Compiled pipelines by kernel and variant; models on one device share them. */
  readonly pipelines: Map<string, Promise<GPUComputePipeline>>;
}

/** Which adapter or device to use; the browser's default adapter if nothing is said. */
export interface OpenGpuOptions {
  /** A device of the caller's, with the limits and features that it was opened with. */
  readonly device?: GPUDevice;
  /**
   * An adapter of the caller's, for example Dawn's in Node, or what gives one: only a function can be
   * asked for another adapter when the device is lost.
   */
  readonly adapter?: GPUAdapter | (() => Promise<GPUAdapter>);
  readonly powerPreference?: GPUPowerPreference;
}

/**
 * Opens the default WebGPU adapter, one of the caller's, or wraps the caller's device.
 *
 * A device opened here has the adapter's largest buffer limits, and shader-f16, subgroups and
 * timestamp-query where it offers them; nothing is required. When it is lost, the next call that
 * needs it opens another. Throws GpuError if there is no WebGPU or no adapter.
 */
export async function openGpu(options: OpenGpuOptions = {}): Promise<Gpu> {
  const { device, adapter } = options;
  if (device) return over(traits(device, adapter), CALLERS);
  const open = () => openDevice(options);
  return over(await open(), typeof adapter === "object" ? CALLERS : open, true);
}

const CALLERS =
  "it, or its adapter, is the caller's: open another and pass it to gpu.adopt(device)";

function over(first: Traits, reopen: string | Open, owned = false): Gpu {
  let lost: string | undefined;
  const take = (traits: Traits) => {
    const { device } = traits;
    lost = undefined;
    Object.assign(gpu, traits, { generation: gpu.generation + 1 });
    device.lost.then(({ reason, message }) => {
      if (device !== gpu.device) return;
      lost = `gpu: the device was lost (${message.split("\n")[0] || reason})`;
    });
  };
  const gpu: Gpu = {
    ...first,
    generation: -1,
    check() {
      if (lost)
        throw new GpuError(`${lost}; ${typeof reopen === "string" ? reopen : "call again"}`);
    },
    async recover() {
      const open = reopen;
      if (typeof open === "string") return gpu.check();
      const { openAgain } = await import("./after_loss");
      await openAgain(gpu, open, () => reopen === open, take);
    },
    adopt(device) {
      gpu.dispose();
      reopen = CALLERS;
      take(traits(device));
    },
    dispose() {
      if (!owned) return;
      owned = false;
      reopen = "it was disposed of; open another";
      gpu.device.destroy();
    },
  };
  take(first);
  return gpu;
}

async function openDevice({ adapter, powerPreference }: OpenGpuOptions): Promise<Traits> {
  const given = typeof adapter === "function" ? await adapter() : adapter;
  const from = given ?? (await requestAdapter(powerPreference));
  const wanted: GPUFeatureName[] = ["shader-f16", "subgroups", "timestamp-query"];
  const { maxStorageBufferBindingSize, maxBufferSize } = from.limits;
  const device = await from.requestDevice({
    label: "gpen-webgpu",
    requiredFeatures: wanted.filter((feature) => from.features.has(feature)),
    requiredLimits: { maxStorageBufferBindingSize, maxBufferSize },
  });
  return traits(device, from);
}

function traits(device: GPUDevice, adapter?: OpenGpuOptions["adapter"]): Traits {
  // Browsers before 2025 do not say which adapter a device came from.
  const info = device.adapterInfo ?? (adapter as Partial<GPUAdapter> | undefined)?.info ?? {};
  return {
    device,
    ...adapterTraits(device, info),
    timestamps: device.features.has("timestamp-query"),
    pipelines: new Map(),
  };
}
