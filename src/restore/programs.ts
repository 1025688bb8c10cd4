import { disposedOf } from "../gpu/disposed";
import type { Gpu } from "../gpu/open";
import type { Executable } from "../gpu/prepare";

/** Programs that are made when first needed; of each kind, the one of the last key stays. */
export interface Programs {
  /** Made again on the device that replaces a lost one. Throws GpuError once they were disposed of. */
  get(kind: string, key: string, make: () => Promise<Executable>): Promise<Executable>;
  /** Frees the program of this kind. */
  drop(kind: string): void;
  dispose(): void;
}

export function newPrograms(gpu: Gpu): Programs {
  const kinds = new Map<string, { key: string; making: Promise<Executable> }>();
  let disposed = false;
  const drop = (kind: string) => {
    kinds.get(kind)?.making.then(
      ({ dispose }) => dispose(),
      () => {}, // nothing was made
    );
    kinds.delete(kind);
  };
  return {
    async get(kind, name, make) {
      if (disposed) throw disposedOf();
      const key = `${gpu.generation} ${name}`;
      if (kinds.get(kind)?.key === key) return kinds.get(kind)!.making;
      drop(kind);
      const making = make();
      const one = { key, making };
      kinds.set(kind, one);
      // Lack of memory may be over at the next picture.
      making.catch(() => kinds.get(kind) === one && kinds.delete(kind));
      return making;
    },
    drop,
    dispose() {
      disposed = true;
      for (const kind of kinds.keys()) drop(kind);
    },
  };
}
