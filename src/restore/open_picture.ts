import { GpuError, ShapeError } from "../errors";
import { readExternal, readTexture } from "../gpu/read_texture";
import type { ImageInput, OpenImage } from "./image_input";
import type { Pixels } from "./pixels";

/** As openImage, of what is not Pixels; `taken` is its bitmap, for those that one can be made of at once. */
export async function openPicture(
  image: Exclude<ImageInput, Pixels>,
  taken: Promise<ImageBitmap> | undefined,
  signal?: AbortSignal,
): Promise<OpenImage> {
  if (typeof image !== "object" || image === null) {
    throw new ShapeError(
      `image: ${image} must be { data, width, height }, a Blob, img, video, canvas, ImageBitmap, VideoFrame or GPUTexture`,
    );
  }
  if ("createView" in image) return openTexture(image);
  const bitmap = await bitmapOf(image, taken, signal);
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

/** As pixelsOf, of what is not Pixels. */
export async function readPixels(
  image: Exclude<ImageInput, Pixels | GPUTexture>,
  taken: Promise<ImageBitmap> | undefined,
  signal?: AbortSignal,
): Promise<Pixels> {
  const bitmap = await bitmapOf(image, taken, signal);
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
  taken: Promise<ImageBitmap> | undefined,
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
  return (taken ?? createImageBitmap(image)).catch((error: Error) => {
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
