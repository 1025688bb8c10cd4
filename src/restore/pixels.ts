import { ShapeError } from "../errors";

/** Pixels in rows, four bytes each: red, green, blue, alpha. ImageData is one. */
export interface Pixels {
  readonly data: Uint8ClampedArray | Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Pixels that come out: `new ImageData(data, width, height)` takes them as they are. */
export interface Picture extends Pixels {
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/** The given pixels. Throws ShapeError if the size and the bytes do not agree. */
export function checkPixels({ data, width, height }: Pixels): Pixels {
  if (![width, height].every((side) => Number.isInteger(side) && side > 0)) {
    throw new ShapeError(`image: the size ${width} x ${height} must be whole numbers from 1 on`);
  }
  if (!(data instanceof Uint8Array || data instanceof Uint8ClampedArray)) {
    throw new ShapeError("image: data must be a Uint8Array or Uint8ClampedArray of RGBA bytes");
  }
  if (data.length !== 4 * width * height) {
    throw new ShapeError(
      `image: data has ${data.length} bytes, but ${width} x ${height} RGBA pixels are ${4 * width * height}; RGB needs an alpha byte per pixel`,
    );
  }
  return { data, width, height };
}

/** A bitmap of the picture, to draw or to transfer to another thread; for browsers. */
export function toBitmap({ data, width, height }: Picture): Promise<ImageBitmap> {
  return createImageBitmap(new ImageData(data, width, height));
}

/** The format of the file. */
export interface BlobOptions {
  /** "image/png" (default), "image/jpeg" or "image/webp" where the browser writes it. */
  readonly type?: string;
  /** From 0 to 1, for JPEG and WebP. */
  readonly quality?: number;
}

/** The picture as a file; for browsers. */
export function toBlob({ data, width, height }: Picture, options: BlobOptions = {}): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext("2d")!.putImageData(new ImageData(data, width, height), 0, 0);
  return canvas.convertToBlob(options);
}
