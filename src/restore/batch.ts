import { ShapeError } from "../errors";
import { given } from "../gpu/recover";
import { checkOptions, compute, type RestoreOptions } from "./compute";
import type { Gpen } from "./load";
import { checkPixels, type Pixels } from "./pixels";
import { type Restored, readPicture } from "./restore";

/** Faces at a time, where memory allows it: graphics cards are not full with one small face. */
const MOST_FACES = 8;
/** Activations that a batch may take: as many as one picture of GPEN-512 in f32 does. */
const BATCH_BYTES = 350e6;

/** As for restore(), with progress in faces. */
export type BatchOptions = Omit<RestoreOptions, "onProgress"> & {
  /** Faces done, out of how many: with fractions while a batch is computed, whole after it. */
  readonly onProgress?: (done: number, of: number) => void;
};

/**
 * Restores aligned faces, several at a time.
 *
 * Shapes    RGBA pixels, all of one size (height, width, 4) → as many (outSize, outSize, 4)
 * Units     as restore(); `ms` is the time of the batch that a face was part of
 * Errors    ShapeError if the sizes differ; as restore()
 */
export async function restoreFaces(
  model: Gpen,
  faces: readonly Pixels[],
  { onProgress, ...options }: BatchOptions = {},
): Promise<Restored[]> {
  checkOptions(options);
  options.signal?.throwIfAborted();
  const restored: Restored[] = [];
  if (faces.length === 0) return restored;
  const { width, height } = checkPixels(faces[0]);
  // Copies: what the caller does with the pixels while they wait does not matter.
  const owned = faces.map((face) => ({ ...checkPixels(face), data: new Uint8Array(face.data) }));
  for (const face of owned) {
    if (face.width !== width || face.height !== height) {
      throw new ShapeError(
        `restore: the faces are ${width} x ${height} and ${face.width} x ${face.height}; those of one call must be of one size`,
      );
    }
  }
  let furthest = 0;
  const report = (done: number) => {
    if (done <= furthest) return; // computed a second time: in f32, or on another device
    furthest = done;
    onProgress?.(done, faces.length);
  };
  const most = batchOf(model, faces.length);
  while (restored.length < faces.length) {
    const left = owned.slice(restored.length);
    // A batch of another size would be prepared anew: the last one is filled up with copies.
    const chunk = Array.from({ length: left.length > 1 ? most : 1 }, (_, i) => left[i] ?? left[0]);
    const start = performance.now();
    const count = Math.min(chunk.length, left.length);
    const before = restored.length;
    // Never whole before the pixels are read.
    const steps = (done: number, of: number) => report(before + (count * done) / (of + 1));
    const how = { ...options, onProgress: steps };
    const { result, ...rest } = await compute(model, together(chunk), how, readPicture);
    const ms = performance.now() - start;
    const bytes = result.data.length / chunk.length;
    const side = result.width;
    for (let i = 0; i < count; i++) {
      const data = result.data.slice(i * bytes, (i + 1) * bytes);
      restored.push({ pixels: { data, width: side, height: side }, ms, ...rest });
    }
    report(restored.length);
  }
  return restored;
}

/** A power of two, so that photos with other numbers of faces use the same programs. */
function batchOf({ gpu, memory }: Gpen, faces: number): number {
  given(gpu);
  let n = 1;
  const largest = gpu.limits.maxStorageBufferBindingSize;
  const fits = (count: number) =>
    count * memory.peakBytes <= BATCH_BYTES && count * memory.largestBytes <= largest;
  while (n < faces && 2 * n <= MOST_FACES && fits(2 * n)) n *= 2;
  return n;
}

interface Owned extends Pixels {
  readonly data: Uint8Array<ArrayBuffer>;
}

function together(faces: readonly Owned[]) {
  const [{ width, height }] = faces;
  return {
    n: faces.length,
    width,
    height,
    async write({ device }: Gpen["gpu"], buffer: GPUBuffer) {
      for (const [i, { data }] of faces.entries())
        device.queue.writeBuffer(buffer, i * data.byteLength, data);
    },
  };
}
