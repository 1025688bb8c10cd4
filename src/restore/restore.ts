import type { Executable } from "../gpu/prepare";
import { readBytes } from "../graph/run";
import type { Precision } from "../kernels/layout";
import { type Computed, checkOptions, compute, type RestoreOptions } from "./compute";
import { type ImageInput, openImage } from "./image_input";
import type { Gpen } from "./load";
import type { Picture } from "./pixels";

/** How a picture was computed. */
export interface Restoration {
  /** From the call to the result, in milliseconds. */
  readonly ms: number;
  readonly precision: Precision;
  /** Why the picture was computed a second time, in f32; undefined if it was not. */
  readonly rerun?: string;
}

export interface Restored extends Restoration {
  /** RGBA, opaque, outSize x outSize. */
  readonly pixels: Picture;
}

/**
 * Restores one aligned face of any size; it is resized bilinearly to the model's input. If the device
 * is lost meanwhile, another is opened and the picture computed again.
 *
 * Shapes    RGBA pixels (height, width, 4) → (outSize, outSize, 4)
 * Units     levels 0..255; levels are rounded to the nearest
 * Errors    ShapeError for a wrong image or option; GpuError if the device is lost for good or the
 *           picture cannot be computed; the signal's reason when aborted
 * Source    GPEN face_enhancement.py
 */
export async function restore(
  model: Gpen,
  image: ImageInput,
  options: RestoreOptions = {},
): Promise<Restored> {
  const { result, ...how } = await computeOne(model, image, options, readPicture);
  return { pixels: result, ...how };
}

/** Computes a picture, which `take` has while no other runs. Errors: as restore(). */
export async function computeOne<Result>(
  model: Gpen,
  image: ImageInput,
  options: RestoreOptions,
  take: (finished: Executable) => Promise<Result>,
): Promise<Computed<Result> & Restoration> {
  const start = performance.now();
  checkOptions(options);
  options.signal?.throwIfAborted();
  const photo = await openImage(image, options.signal);
  try {
    const computed = await compute(model, { n: 1, ...photo }, options, take);
    return { ...computed, ms: performance.now() - start };
  } finally {
    photo.close();
  }
}

/** All pixels of a finished batch, below one another. */
export async function readPicture(finished: Executable): Promise<Picture> {
  const { pixels } = finished.program.outputs;
  const [n, , height, width] = finished.program.tensors[pixels].shape;
  const data = new Uint8ClampedArray(await readBytes(finished, pixels));
  return { data, width, height: n * height };
}
