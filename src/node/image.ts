import { access, mkdir, rename, rm } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { ImageError } from "./image_error";
import { loadSharp } from "./load_sharp";

/** RGBA, 8 bits, rows from the top. */
export interface Image {
  readonly data: Uint8ClampedArray | Uint8Array;
  readonly width: number;
  readonly height: number;
}

const FORMATS = new Map([
  [".png", "png"],
  [".jpg", "jpeg"],
  [".jpeg", "jpeg"],
  [".webp", "webp"],
]);

/** The format that a file name's extension asks for, or undefined. */
export function imageFormat(file: string): "png" | "jpeg" | "webp" | undefined {
  return FORMATS.get(extname(file).toLowerCase()) as "png" | "jpeg" | "webp" | undefined;
}

/** What becomes of transparency. */
export interface ReadImageOptions {
  /** Keep transparency; by default what is transparent is composited over white, as on a page. */
  readonly alpha?: boolean;
}

/**
 * Reads a PNG, JPEG or WebP file as it is meant to be seen: turned by its EXIF orientation,
 * converted to sRGB, 8 bits.
 *
 * Shapes    RGBA8, (height, width, 4)
 * Errors    ImageError if the file is missing, damaged, cut short or of another format
 */
export async function readImage(
  file: string,
  { alpha = false }: ReadImageOptions = {},
): Promise<Image> {
  const sharp = await loadSharp();
  await access(file).catch(() => {
    throw new ImageError(`image: ${file} does not exist or cannot be read; check the path`);
  });
  try {
    // "warning" refuses pictures that are cut short; the default would fill them up with grey
    const picture = sharp(file, { failOn: "warning" });
    const { format } = await picture.metadata();
    if (![...FORMATS.values()].includes(format ?? "")) {
      throw new Error(`it is ${format}`);
    }
    const seen = picture.autoOrient().toColourspace("srgb");
    const { data, info } = await (alpha ? seen : seen.flatten({ background: "#ffffff" }))
      .ensureAlpha()
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    const pixels = new Uint8ClampedArray(data.buffer, data.byteOffset, data.byteLength);
    return { data: pixels, width: info.width, height: info.height };
  } catch (error) {
    const reason = (error as Error).message.split("\n")[0];
    throw new ImageError(
      `image: ${file} cannot be read (${reason}); a whole PNG, JPEG or WebP picture is expected`,
    );
  }
}

/**
 * Writes a picture in the format of the file's extension (JPEG and WebP at quality 95), making
 * directories as needed. Transparency is kept, but in JPEG, which has none: there it is over white.
 * The file appears under its name only when it is complete.
 *
 * Errors    ImageError if the extension is unknown or the file cannot be written
 */
export async function writeImage(file: string, image: Image): Promise<void> {
  const format = imageFormat(file);
  if (!format) {
    throw new ImageError(`image: ${file} must end in .png, .jpg, .jpeg or .webp`);
  }
  const sharp = await loadSharp();
  const { data, width, height } = image;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const part = join(dirname(file), `.${basename(file)}.${process.pid}.part`);
  try {
    await mkdir(dirname(file), { recursive: true });
    const picture = sharp(bytes, { raw: { width, height, channels: 4 } });
    const opaque = format === "jpeg" || isOpaque(bytes);
    await (opaque ? picture.flatten({ background: "#ffffff" }) : picture)
      .toFormat(format, format === "png" ? {} : { quality: 95 })
      .toFile(part);
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined);
    const reason = (error as Error).message.split("\n")[0];
    throw new ImageError(`image: ${file} cannot be written (${reason}); name another place`);
  }
}

function isOpaque(bytes: Uint8Array): boolean {
  for (let i = 3; i < bytes.length; i += 4) if (bytes[i] !== 255) return false;
  return true;
}
