import { GpuError, ShapeError } from "../errors";
import { checked } from "../gpu/checked";
import { drawPixels } from "../gpu/draw_pixels";
import type { Executable } from "../gpu/prepare";
import * as USAGE from "../gpu/usage";
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

/** A restored picture that stays on the GPU: one u32 per pixel, red in its lowest byte. */
export interface RestoredBuffer extends Restoration {
  readonly buffer: GPUBuffer;
  readonly width: number;
  readonly height: number;
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

/** As restore(), but the pixels stay in a buffer that the caller copies from and destroys. */
export async function restoreToBuffer(
  model: Gpen,
  image: ImageInput,
  options: RestoreOptions = {},
): Promise<RestoredBuffer> {
  const { result, ...how } = await computeOne(model, image, options, copyOut);
  const side = model.config.outSize;
  return { buffer: result, width: side, height: side, ...how };
}

/**
 * As restore(), but draws the picture: on a canvas, which gets its size, or into a texture of the
 * model's device. The pixels never leave the GPU, unless the canvas has a 2d context already.
 *
 * Errors    as restore(); ShapeError if a texture has another size, or no usage RENDER_ATTACHMENT
 */
export async function restoreTo(
  model: Gpen,
  image: ImageInput,
  target: HTMLCanvasElement | OffscreenCanvas | GPUTexture,
  options: RestoreOptions = {},
): Promise<Restoration> {
  if (!(target && ("createView" in target || "getContext" in target)))
    throw new ShapeError(`restore: the target is ${target}, it must be a canvas or a GPUTexture`);
  const { result: _, ...how } = await computeOne(model, image, options, (finished) =>
    draw(finished, target),
  );
  return how;
}

async function computeOne<Result>(
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

async function copyOut({ gpu: { device }, program, buffer }: Executable): Promise<GPUBuffer> {
  const { pixels } = program.outputs;
  const size = program.tensors[pixels].bytes;
  const usage = USAGE.storage | USAGE.copySrc | USAGE.copyDst;
  const copy = device.createBuffer({ label: "restored", size, usage });
  try {
    await checked(device, "restore", () => {
      const encoder = device.createCommandEncoder();
      encoder.copyBufferToBuffer(buffer(pixels), 0, copy, 0, size);
      device.queue.submit([encoder.finish()]);
    });
    return copy;
  } catch (error) {
    copy.destroy();
    throw error;
  }
}

async function draw(
  finished: Executable,
  target: HTMLCanvasElement | OffscreenCanvas | GPUTexture,
): Promise<void> {
  const { gpu, program } = finished;
  const { pixels } = program.outputs;
  const [, , height, width] = program.tensors[pixels].shape;
  const onto = (format: GPUTextureFormat, texture: () => GPUTexture) =>
    drawPixels(gpu, finished.buffer(pixels), { width, height }, format, texture);
  if ("createView" in target) return onto(target.format, () => target);
  Object.assign(target, { width, height });
  const context = target.getContext("webgpu") as GPUCanvasContext | null;
  if (context) {
    const format = navigator.gpu.getPreferredCanvasFormat();
    context.configure({ device: gpu.device, format, alphaMode: "opaque" });
    return onto(format, () => context.getCurrentTexture());
  }
  const flat = target.getContext("2d") as CanvasRenderingContext2D | null;
  if (!flat)
    throw new GpuError("restore: the canvas has a context of another kind; pass a new canvas");
  const { data } = await readPicture(finished);
  flat.putImageData(new ImageData(data, width, height), 0, 0);
}
