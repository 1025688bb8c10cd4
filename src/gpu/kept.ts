import { disposedOf } from "./disposed";
import type { Gpu } from "./open";
import type { Executable } from "./prepare";

/** An executable that is made when first asked for, and again on the device that replaces a lost one. */
export interface Kept {
  /** Throws GpuError once it was disposed of. */
  get(): Promise<Executable>;
  dispose(): void;
}

export function kept(gpu: Gpu, make: () => Promise<Executable>): Kept {
  let making: Promise<Executable> | undefined;
  let made: Executable | undefined;
  let generation = gpu.generation;
  let disposed = false;
  const free = () => {
    made?.dispose();
    made = making = undefined;
  };
  const begin = () => {
    const mine: Promise<Executable> = make().then(
      (executable) => {
        if (making === mine) made = executable;
        else executable.dispose(); // disposed of meanwhile
        return executable;
      },
      (error) => {
        if (making === mine) making = undefined; // lack of memory may be over at the next picture
        throw error;
      },
    );
    return mine;
  };
  return {
    async get() {
      if (disposed) throw disposedOf();
      if (generation !== gpu.generation) free();
      generation = gpu.generation;
      making ??= begin();
      return making;
    },
    dispose() {
      disposed = true;
      free();
    },
  };
}
