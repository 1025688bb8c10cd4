import { errorScopes } from "../gpu/error_scopes";
import type { Gpu } from "../gpu/open";
import { paceOf } from "./pace";

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
  /** Whether a step of so much work would make the present slice too long. */
  isFull(work: number): boolean;
  /** A step was, or is about to be, recorded. */
  add(work: number): void;
  /** Submits the slice and begins another, when the one before it is done. */
  next(): Promise<void>;
  /** Submits the last slice. Throws GpuError for what WebGPU reports of all of them. */
  end(): Promise<void>;
}

/** `of` steps are to come. */
export function newSlices(gpu: Gpu, of: number, options: SliceOptions): Slices {
  const { sliceMs = SLICE_MS, signal, onProgress } = options;
  const { device } = gpu;
  const pace = paceOf(device, gpu.software);
  const scopes = errorScopes(device);
  const begin = () => device.createCommandEncoder({ label: "gpen" });
  let [encoder, work, done] = [begin(), 0, 0];
  let before = Promise.resolve(performance.now());
  const send = () => {
    signal?.throwIfAborted();
    // Encoding reports nothing by itself: mistakes in it come out when it is finished.
    scopes.run(() => device.queue.submit([encoder.finish()]));
  };
  return {
    encoder: () => encoder,
    isFull: (more) => work > 0 && pace.milliseconds(work + more) > sliceMs,
    add(more) {
      work += more;
      done++;
    },
    async next() {
      send();
      const [mine, sent, earlier] = [work, performance.now(), before];
      before = device.queue.onSubmittedWorkDone().then(async () => {
        const end = performance.now();
        pace.learn(mine, end - Math.max(sent, await earlier));
        return end;
      });
      before.catch(() => {}); // a device that is lost says so to whoever reads from it
      [encoder, work] = [begin(), 0];
      await earlier;
      onProgress?.(done, of);
    },
    async end() {
      await before;
      send();
      onProgress?.(of, of);
      await scopes.settle("run");
    },
  };
}
