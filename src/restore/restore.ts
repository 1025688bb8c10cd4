import { checked } from "../gpu/checked";
import type { Executable } from "../gpu/prepare";
import { USAGE } from "../gpu/usage";
import { readBytes } from "../graph/run";
import type { Precision } from "../kernels/layout";
import { compute } from "./compute";
import type { Gpen } from "./load";
import type { ImageInput, Picture } from "./pixels";
import type { Task } from "./task";

export interface RestoreOptions {
  /** From 0, the photo as it went in, to 1, the network's output (default). */
  readonly strength?: number;
  /** What the model was trained for; "restore" by default. */
  readonly task?: Task;
  /** Submits to split the network into, so that a slow GPU can draw in between; 1 by default. */
  readonly submits?: number;
  /** For models that enlarge: seed of the noise above the input's size; 0 by default. */
  readonly seed?: number;
  readonly signal?: AbortSignal;
}

export interface Restored {
  /** RGBA, opaque, outSize x outSize. */
  readonly pixels: Picture;
  /** From the call to the pixels, in milliseconds. */
  readonly ms: number;
  readonly precision: Precision;
  /** Why the picture was computed a second time, in f32; undefined if it was not. */
  readonly rerun?: string;
}

/** A restored picture that stays on the GPU: one u32 per pixel, red in its lowest byte. */
export interface RestoredBuffer extends Omit<Restored, "pixels"> {
  readonly buffer: GPUBuffer;
  readonly width: number;
  readonly height: number;
}

/**
 * Restores one aligned face of any size; it is resized bilinearly to the model's input.
 *
 * Shapes    RGBA pixels (height, width, 4) → (outSize, outSize, 4)
 * Units     levels 0..255; levels are rounded to the nearest
 * Errors    ShapeError for a wrong image or option; GpuError if the device is lost or the picture
 *           cannot be computed; the signal's reason when aborted
 * Source    GPEN face_enhancement.py
 */
export async function restore(
  model: Gpen,
  image: ImageInput,
  options: RestoreOptions = {},
): Promise<Restored> {
  const start = performance.now();
  const { finished, precision, rerun } = await compute(model, image, options);
  try {
    const bytes = await readBytes(finished, finished.program.outputs.pixels);
    const side = model.config.outSize;
    const pixels = { data: new Uint8ClampedArray(bytes), width: side, height: side };
    return { pixels, ms: performance.now() - start, precision, rerun };
  } finally {
    finished.dispose();
  }
}

/** As restore(), but the pixels stay in a buffer that the caller copies from and destroys. */
export async function restoreToBuffer(
  model: Gpen,
  image: ImageInput,
  options: RestoreOptions = {},
): Promise<RestoredBuffer> {
  const start = performance.now();
  const { finished, precision, rerun } = await compute(model, image, options);
  try {
    const side = model.config.outSize;
    const buffer = await copyOut(finished, 4 * side * side);
    return { buffer, width: side, height: side, ms: performance.now() - start, precision, rerun };
  } finally {
    finished.dispose();
  }
}

async function copyOut({ gpu: { device }, program, buffer }: Executable, size: number) {
  const usage = USAGE.storage | USAGE.copySrc | USAGE.copyDst;
  const copy = device.createBuffer({ label: "restored", size, usage });
  try {
    await checked(device, "restore", () => {
      const encoder = device.createCommandEncoder();
      encoder.copyBufferToBuffer(buffer(program.outputs.pixels), 0, copy, 0, size);
      device.queue.submit([encoder.finish()]);
    });
    return copy;
  } catch (error) {
    copy.destroy();
    throw error;
  }
}
