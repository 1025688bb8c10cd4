import { GpuError } from "../errors";

/** Collects what WebGPU reports of commands: without it they would leave a wrong picture, unnoticed. */
export interface Scopes {
  /** Runs commands, which must not wait: error scopes are a stack, which a host may use meanwhile. */
  run<Result>(commands: () => Result): Result;
  /** Throws GpuError for what was reported of all of them so far. */
  settle(what: string): Promise<void>;
}

export function errorScopes(device: GPUDevice): Scopes {
  const memory: Promise<GPUError | null>[] = [];
  const validation: Promise<GPUError | null>[] = [];
  const pop = () => device.popErrorScope().catch(() => null); // lost: its errors do not matter
  return {
    run(commands) {
      device.pushErrorScope("validation");
      device.pushErrorScope("out-of-memory");
      try {
        return commands();
      } finally {
        memory.push(pop());
        validation.push(pop());
      }
    },
    async settle(what) {
      const [full] = (await Promise.all(memory)).filter((error) => error);
      const [wrong] = (await Promise.all(validation)).filter((error) => error);
      // Lack of memory is the device's, and may make later commands invalid; the rest is our mistake.
      if (full) {
        throw new GpuError(
          `${what}: the device is out of memory; use f16, a smaller model, or close other pages`,
        );
      }
      if (wrong)
        throw new GpuError(`${what}: WebGPU rejected a command: ${wrong.message.split("\n")[0]}`);
    },
  };
}

/** Runs commands that do not wait, and throws what WebGPU reports of them. */
export async function checked<Result>(
  device: GPUDevice,
  what: string,
  commands: () => Result,
): Promise<Result> {
  const scopes = errorScopes(device);
  const result = scopes.run(commands);
  await scopes.settle(what);
  return result;
}
