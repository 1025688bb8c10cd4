import { GpuError, ShapeError } from "../errors";
import { checked } from "../gpu/checked";
import { drawPixels } from "../gpu/draw_pixels";
import type { Executable } from "../gpu/prepare";
import * as USAGE from "../gpu/usage";
import type { RestoreOptions } from "./compute";
import type { ImageInput } from "./image_input";
import type { Gpen } from "./load";
import { computeOne, type Restoration, readPicture } from "./restore";

/** A restored picture that stays on the GPU: one u32 per pixel, red in its lowest byte. */
export interface RestoredBuffer extends Restoration {
  readonly buffer: GPUBuffer;
  readonly width: number;
  readonly height: number;
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
