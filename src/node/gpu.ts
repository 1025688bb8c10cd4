import { type Gpu, openGpu } from "../gpu/open";
import { choicesFile } from "./choices_file";
import { type AdapterChoice, openDriver } from "./driver";

/** Which of the machine's adapters to open. */
export interface NodeGpuOptions {
  /** "auto" (default), "hardware", "software", or text that the adapter's name must contain. */
  readonly adapter?: AdapterChoice;
}

/** The WebGPU instances in use: a device whose instance has been collected stops answering. */
const instances = new Set<GPU>();

/**
 * Opens a GPU in Node through the optional package `webgpu` (Dawn).
 *
 * A VK_ICD_FILENAMES set by the caller is used as it is. Otherwise "auto" takes a hardware adapter
 * where there is one, else a software driver: lavapipe, else the SwiftShader of a browser.
 *
 * Errors    GpuError, one sentence with the command to run, if no adapter fits
 * Source    npm package webgpu; Vulkan loader
 */
export async function openNodeGpu(options: NodeGpuOptions = {}): Promise<Gpu> {
  const own = new Set<GPU>();
  const gpu = await openGpu({
    adapter: async () => {
      const { adapter, instance } = await openDriver(options.adapter ?? "auto");
      instances.add(instance);
      own.add(instance);
      return adapter;
    },
  });
  const { dispose } = gpu;
  return Object.assign(gpu, {
    choices: choicesFile(),
    dispose() {
      for (const instance of own) instances.delete(instance);
      dispose();
    },
  });
}
