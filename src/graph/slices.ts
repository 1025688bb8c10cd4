import { errorScopes } from "../gpu/error_scopes";
import type { Gpu } from "../gpu/open";
import { learn, rateOf } from "./pace";

/** Work of one submit: short enough for a page to draw, and for watchdogs (2 s in Windows). */
const SLICE_MS = 50;

export interface SliceOptions {
  /** Estimated milliseconds of work per submit; between two a slow device can draw. 50 by default. */
  readonly sliceMs?: number;
  readonly signal?: AbortSignal;
  /** Steps done, out of how many. */
  readonly onProgress?: (done: number, of: number) => void;
}

/** Commands on their way to the device in slices, of which one waits while another runs. */
export interface Slices {
  /** What the present slice is recorded with. */
  encoder(): GPUCommandEncoder;
  /** Whether the slice has room for a step of so much work, which then belongs to it. */
  takes(work: number): boolean;
  /** Submits the slice and begins another with that step, when the one before it is done. */
  next(work: number): Promise<void>;
  /** Submits the last slice. Throws GpuError for what WebGPU reports of all of them. */
  end(): Promise<void>;
}

/** `of` steps are to come. */
export function newSlices({ device, software }: Gpu, of: number, options: SliceOptions): Slices {
  const { sliceMs = SLICE_MS, signal, onProgress } = options;
  const { queue } = device;
  const scopes = errorScopes(device);
  const begin = () => device.createCommandEncoder({ label: "gpen" });
  let [encoder, work, done] = [begin(), 0, 0];
  let before = Promise.resolve(performance.now());
  const send = () => {
    signal?.throwIfAborted();
    // Encoding reports nothing by itself: mistakes in it come out when it is finished.
    scopes.run(() => queue.submit([encoder.finish()]));
  };
  return {
    encoder: () => encoder,
    takes(more) {
      if (work && (work + more) / rateOf(device, software) > sliceMs) return false;
      work += more;
      done++;
      return true;
    },
    async next(first) {
      send();
      const [mine, sent, earlier] = [work, performance.now(), before];
      before = queue.onSubmittedWorkDone().then(async () => {
        const end = performance.now();
        learn(device, software, mine, end - Math.max(sent, await earlier));
        return end;
      });
      before.catch(() => {}); // a device that is lost says so to whoever reads from it
      [encoder, work] = [begin(), first];
      await earlier;
      onProgress?.(done, of);
      done++;
    },
    async end() {
      await before;
      send();
      onProgress?.(of, of);
      await scopes.settle("run");
    },
  };
}
