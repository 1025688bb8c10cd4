import type { Size } from "../tensor";
import type { Network } from "./networks";

/** One network for pictures of many sizes. */
export interface BySize {
  /** The network for one size, made when first asked for. */
  of(size: Size): Network;
  /** Runs `work`; networks that neither it nor other work meanwhile asked for are disposed of after it. */
  during<Result>(work: () => Promise<Result>): Promise<Result>;
  dispose(): void;
}

/** Keeps what the last photo needed: the next one, or frame of a video, has often its size. */
export function bySize(make: (size: Size) => Network): BySize {
  const made = new Map<string, Network>();
  let asked = new Set<string>();
  let running = 0;
  let disposed = false;
  const free = (keep: ReadonlySet<string>) => {
    for (const [key, each] of made) {
      if (keep.has(key)) continue;
      each.dispose();
      made.delete(key);
    }
  };
  return {
    of({ width, height }) {
      const key = `${width} ${height}`;
      asked.add(key);
      const known = made.get(key) ?? make({ width, height });
      made.set(key, known);
      return known;
    },
    async during(work) {
      if (running++ === 0) asked = new Set();
      try {
        return await work();
      } finally {
        running--;
        free(disposed ? new Set() : asked);
      }
    },
    dispose() {
      disposed = true;
      free(new Set());
    },
  };
}
