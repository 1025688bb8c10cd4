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

/** What restore() takes. Everything but Pixels needs a browser's canvas. */
export type ImageInput = Pixels | ImageBitmap | HTMLCanvasElement | OffscreenCanvas | VideoFrame;

/** Pixels of any input. Throws ShapeError if the size and the bytes do not agree. */
export function pixelsOf(image: ImageInput): Pixels {
  if (typeof image !== "object" || image === null) {
    throw new ShapeError(
      `image: ${image} must be { data, width, height }, an ImageBitmap, ImageData, canvas or VideoFrame`,
    );
  }
  if ("data" in image) return checkPixels(image);
  const width = "displayWidth" in image ? image.displayWidth : image.width;
  const height = "displayHeight" in image ? image.displayHeight : image.height;
  if (typeof OffscreenCanvas === "undefined") {
    throw new ShapeError(
      "image: there is no canvas here; pass { data, width, height } with RGBA bytes",
    );
  }
  const context = new OffscreenCanvas(
    checkSide("width", width),
    checkSide("height", height),
  ).getContext("2d");
  if (!context)
    throw new ShapeError(
      "image: the canvas gives no 2d context; pass { data, width, height } with RGBA bytes",
    );
  context.drawImage(image, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}

function checkPixels({ data, width, height }: Pixels): Pixels {
  checkSide("width", width);
  checkSide("height", height);
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

function checkSide(name: string, side: number): number {
  if (!Number.isInteger(side) || side < 1) {
    throw new ShapeError(
      `image: the ${name} is ${side}, it must be a whole number of pixels from 1 on`,
    );
  }
  return side;
}
