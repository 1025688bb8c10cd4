import { GpuError, ShapeError } from "../errors";
import type { Gpu } from "../gpu/open";
import { readExternal, readTexture } from "../gpu/textures";
import { checkPixels, type Pixels } from "./pixels";

/**
 * What restore() takes. Everything but Pixels and GPUTexture needs a browser, and is put over white where
 * it is transparent, as on a page; of Pixels and GPUTexture, alpha is ignored.
 */
export type ImageInput =
  | Pixels
  | GPUTexture
  | Blob
  | ImageBitmap
  | HTMLImageElement
  | HTMLVideoElement
  | HTMLCanvasElement
  | OffscreenCanvas
  | VideoFrame;

/** A picture as it was when it was given; later changes of a canvas or a video do not matter. */
export interface OpenImage {
  readonly width: number;
  readonly height: number;
  /** Fills a buffer with one u32 per pixel. */
  write(gpu: Gpu, buffer: GPUBuffer): Promise<void>;
  close(): void;
}

/**
 * Opens a picture for the GPU.
 *
 * Errors    ShapeError if the size and the bytes do not agree, or it is no picture, or one that the
 *           page may not read
 */
export async function openImage(image: ImageInput, signal?: AbortSignal): Promise<OpenImage> {
  if (isTexture(image)) return openTexture(image);
  if (isPixels(image)) {
    const { width, height, data: given } = checkPixels(image);
    // Its turn may be later: an array that was changed or transferred by then is another picture.
    const data = new Uint8Array(given);
    return {
      width,
      height,
      write: async ({ device }, buffer) => device.queue.writeBuffer(buffer, 0, data),
      close() {},
    };
  }
  const bitmap = await bitmapOf(image, signal);
  const { width, height } = bitmap;
  return {
    width,
    height,
    async write(gpu, buffer) {
      const limit = gpu.device.limits.maxTextureDimension2D;
      try {
        if (width <= limit && height <= limit)
          return await readExternal(gpu, bitmap, bitmap, buffer);
      } catch (error) {
        // Chromium 156 copies no img of 16 bits per channel; a tainted one is refused below.
        if (error instanceof GpuError) throw error;
      }
      gpu.device.queue.writeBuffer(buffer, 0, drawn(bitmap, "#fff").data);
    },
    close: () => bitmap.close(),
  };
}

function openTexture(texture: GPUTexture): OpenImage {
  let generation: number | undefined;
  return {
    width: texture.width,
    height: texture.height,
    async write(gpu, buffer) {
      if (generation !== undefined && generation !== gpu.generation)
        throw new GpuError("image: the texture was lost with its device; draw it on the new one");
      generation = gpu.generation;
      await readTexture(gpu, texture, buffer);
    },
    close() {},
  };
}

/** Pixels of any input but a texture, in the CPU's memory. Errors: as openImage. */
export async function pixelsOf(
  image: Exclude<ImageInput, GPUTexture>,
  signal?: AbortSignal,
): Promise<Pixels> {
  if (isPixels(image)) return checkPixels(image);
  const bitmap = await bitmapOf(image, signal);
  try {
    return drawn(bitmap, "#0000");
  } finally {
    bitmap.close();
  }
}

function drawn(bitmap: ImageBitmap, background: string): ImageData {
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (!context) {
    throw new ShapeError(
      `image: the browser gives no canvas of ${width} x ${height}; pass a smaller picture`,
    );
  }
  context.fillStyle = background;
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0);
  try {
    return context.getImageData(0, 0, width, height);
  } catch (error) {
    throw unreadable(error as Error);
  }
}

function unreadable({ message }: Error): ShapeError {
  return new ShapeError(
    `image: the browser cannot read it (${message}); pass a picture that has loaded, of this origin or with CORS`,
  );
}

async function bitmapOf(
  image: Exclude<ImageInput, Pixels | GPUTexture>,
  signal?: AbortSignal,
): Promise<ImageBitmap> {
  if (typeof createImageBitmap !== "function") {
    throw new ShapeError(
      "image: there is no canvas here; pass { data, width, height } with RGBA bytes",
    );
  }
  if ("decode" in image) {
    image.loading = "eager"; // a lazy one that is out of sight would be waited for without end
    await loaded(image, signal);
  }
  return createImageBitmap(image).catch((error: Error) => {
    throw unreadable(error);
  });
}

/** Waits until the img has loaded or cannot be; what follows refuses that one. */
async function loaded(image: HTMLImageElement, signal: AbortSignal | undefined): Promise<void> {
  let stop = () => {};
  await new Promise<void>((done) => {
    stop = () => done();
    signal?.addEventListener("abort", stop);
    image.decode().then(done, stop);
  });
  signal?.removeEventListener("abort", stop);
  signal?.throwIfAborted();
}

function isTexture(image: ImageInput): image is GPUTexture {
  return isObject(image) && "createView" in image;
}

function isPixels(image: ImageInput): image is Pixels {
  return isObject(image) && "data" in image;
}

function isObject(image: unknown): image is object {
  if (typeof image === "object" && image !== null) return true;
  throw new ShapeError(
    `image: ${image} must be { data, width, height }, a Blob, img, video, canvas, ImageBitmap, VideoFrame or GPUTexture`,
  );
}
