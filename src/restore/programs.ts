import { disposedOf } from "../gpu/disposed";
import { type Kept, kept } from "../gpu/kept";
import type { Gpu } from "../gpu/open";
import type { Executable } from "../gpu/prepare";

/** Programs that are made when first needed; of each kind, the one of the last key stays. */
export interface Programs {
  /** Throws GpuError once they were disposed of. */
  get(kind: string, key: string, make: () => Promise<Executable>): Promise<Executable>;
  /** Frees the program of this kind. */
  drop(kind: string): void;
  dispose(): void;
}

export function newPrograms(gpu: Gpu): Programs {
  const kinds = new Map<string, { key: string; program: Kept }>();
  let disposed = false;
  return {
    async get(kind, key, make) {
      if (disposed) throw disposedOf();
      const last = kinds.get(kind);
      if (last?.key === key) return last.program.get();
      last?.program.dispose();
      const program = kept(gpu, make);
      kinds.set(kind, { key, program });
      return program.get();
    },
    drop(kind) {
      kinds.get(kind)?.program.dispose();
      kinds.delete(kind);
    },
    dispose() {
      disposed = true;
      for (const { program } of kinds.values()) program.dispose();
      kinds.clear();
    },
  };
}
