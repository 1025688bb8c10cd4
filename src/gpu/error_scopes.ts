import { GpuError } from "../errors";

/** Collects what WebGPU reports of commands: without it they would leave a wrong picture, unnoticed. */
export interface Scopes {
  /** Runs commands, which must not wait: error scopes are a stack, which a host may use meanwhile. */
  run<Result>(commands: () => Result): Result;
  /** Throws GpuError for what was reported of all of them so far. */
  settle(what: string): Promise<void>;
}

export function errorScopes(device: GPUDevice): Scopes {
  const reports: Promise<string | null>[] = [];
  const pop = (problem: string) => {
    reports.push(
      device.popErrorScope().then(
        (error) => error && `${problem} (${error.message.split("\n")[0]})`,
        () => null, // lost: its errors do not matter
      ),
    );
  };
  return {
    run(commands) {
      device.pushErrorScope("validation");
      device.pushErrorScope("out-of-memory");
      try {
        return commands();
      } finally {
        pop("the device is out of memory; use f16, a smaller model, or close other pages");
        pop("WebGPU rejected a command");
      }
    },
    async settle(what) {
      // The first is the cause: what a lack of memory makes invalid comes after it.
      const problem = (await Promise.all(reports)).find((report) => report);
      if (problem) throw new GpuError(`${what}: ${problem}`);
    },
  };
}
