import { GpuError } from "../errors";

/**
 * Runs `work` and throws what WebGPU reports of it: validation errors are mistakes of ours, lack of
 * memory is the device's. Without a scope both would go unnoticed and leave a wrong picture.
 */
export async function checked<T>(
  device: GPUDevice,
  what: string,
  work: () => Promise<T> | T,
): Promise<T> {
  device.pushErrorScope("validation");
  device.pushErrorScope("out-of-memory");
  const outcome = await Promise.resolve()
    .then(work)
    .then(
      (value) => ({ value }),
      (thrown: unknown) => ({ thrown }),
    );
  const memory = await device.popErrorScope().catch(() => null);
  const validation = await device.popErrorScope().catch(() => null);
  if (memory)
    throw new GpuError(
      `${what}: the device is out of memory; use f16, a smaller model, or close other pages`,
    );
  if (validation)
    throw new GpuError(`${what}: WebGPU rejected a command: ${validation.message.split("\n")[0]}`);
  if ("thrown" in outcome) throw outcome.thrown;
  return outcome.value;
}
