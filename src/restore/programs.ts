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

interface Kept {
  readonly key: string;
  readonly making: Promise<Executable>;
  made?: Executable;
}

export function newPrograms(gpu: Gpu): Programs {
  const kinds = new Map<string, Kept>();
  let disposed = false;
  const drop = (kind: string) => {
    const last = kinds.get(kind);
    kinds.delete(kind);
    // What is there is freed before this returns.
    if (last?.made) last.made.dispose();
    else last?.making.then(({ dispose }) => dispose()).catch(() => {}); // nothing was made
  };
  return {
    async get(kind, name, make) {
      if (disposed) throw disposedOf();
      const key = `${gpu.generation} ${name}`;
      if (kinds.get(kind)?.key === key) return kinds.get(kind)!.making;
      drop(kind);
      const one: Kept = { key, making: make() };
      kinds.set(kind, one);
      one.making.then(
        (made) => {
          one.made = made;
        },
        // Lack of memory may be over at the next picture.
        () => kinds.get(kind) === one && kinds.delete(kind),
      );
      return one.making;
    },
    drop,
    dispose() {
      disposed = true;
      for (const kind of kinds.keys()) drop(kind);
    },
  };
}
