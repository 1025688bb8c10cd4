import type { Gpu } from "../gpu/open";
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
 * Opens a picture for the GPU. What reads others than Pixels is loaded when the first one comes.
 *
 * Errors    ShapeError if the size and the bytes do not agree, or it is no picture, or one that the
 *           page may not read
 */
export async function openImage(image: ImageInput, signal?: AbortSignal): Promise<OpenImage> {
  if (!isPixels(image)) {
    const taken = snapshot(image);
    const { openPicture } = await import("./open_picture");
    return openPicture(image, taken, signal);
  }
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

/** Pixels of any input but a texture, in the CPU's memory. Errors: as openImage. */
export async function pixelsOf(
  image: Exclude<ImageInput, GPUTexture>,
  signal?: AbortSignal,
): Promise<Pixels> {
  if (isPixels(image)) return checkPixels(image);
  const taken = snapshot(image);
  const { readPixels } = await import("./open_picture");
  return readPixels(image, taken, signal);
}

function isPixels(image: ImageInput): image is Pixels {
  return isObject(image) && "data" in image;
}

/** The picture at once: before the reader has loaded, the page may draw on it or close it. */
function snapshot(image: Exclude<ImageInput, Pixels>): Promise<ImageBitmap> | undefined {
  const canBeTaken = isObject(image) && !("createView" in image || "decode" in image);
  if (!canBeTaken || typeof createImageBitmap !== "function") return;
  const taken = createImageBitmap(image);
  taken.catch(() => {}); // the reader says what is wrong with it
  return taken;
}

function isObject(image: unknown): image is object {
  return typeof image === "object" && image !== null;
}
