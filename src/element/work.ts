import type { Gpu } from "../gpu/open";
import type { FaceDetector } from "../photo/face";
import type { Gpen } from "../restore/load";
import type { BlobOptions, Picture } from "../restore/pixels";
import type { Reflected } from "./attributes";
import type { Parts } from "./parts";
import type { Tenant } from "./pool";
import type { Phase } from "./view";

/** "aligned": the picture is one face, placed as the model wants it; "whole": faces are found in it. */
export type PhotoMode = "aligned" | "whole";

export interface Work {
  readonly picture: ImageData;
  /** How many faces were restored. */
  readonly faces: number;
  readonly ms: number;
}

export interface WorkOptions {
  readonly detector: Tenant<Gpu, FaceDetector>;
  readonly signal: AbortSignal;
  readonly onProgress: (phase: Phase, done: number, of: number) => void;
}

/** The mode. Throws Error, one sentence, if an attribute is missing or out of range. */
export function checkSettings({ src, model, photo, strength }: Reflected): PhotoMode {
  if (!src) throw new Error("gpen-face: src is missing; give it the URL of a picture");
  if (!model) throw new Error("gpen-face: model is missing; give it the URL of a weights file");
  checkStrength(strength);
  const mode = photo || "aligned";
  if (mode === "aligned" || mode === "whole") return mode;
  throw new Error(`gpen-face: photo is "${mode}", it must be "aligned" or "whole"`);
}

function checkStrength(strength: number): void {
  if (!(strength >= 0 && strength <= 1))
    throw new Error(`gpen-face: strength is ${strength}, it must be a number from 0 to 1`);
}

/** Waits until the image shows `src`. Errors: Error, one sentence, if that is no picture. */
export async function showing(image: HTMLImageElement, src: string): Promise<void> {
  image.loading = "eager";
  // Firefox 153 decodes the picture before it, while another one is on its way
  if (!image.complete) {
    await new Promise((done) => {
      image.onload = image.onerror = done;
    });
  }
  await image.decode().catch(() => {
    throw new Error(
      `gpen-face: ${src.slice(0, 200)} cannot be shown; check the link, and that it leads to a picture`,
    );
  });
}

/** Pixels of the largest canvas that every browser has; Safari on phones has none above. */
const MOST = 2 ** 24;

/** The image, or a smaller bitmap of one that would take gigabytes: 100 megapixels several times. */
async function fitting(image: HTMLImageElement): Promise<HTMLImageElement | ImageBitmap> {
  const { naturalWidth: width, naturalHeight: height } = image;
  const scale = Math.sqrt(MOST / (width * height));
  if (!(scale < 1)) return image;
  return createImageBitmap(image, {
    resizeWidth: Math.floor(width * scale),
    resizeHeight: Math.floor(height * scale),
    resizeQuality: "high",
  }).catch(() => {
    throw new Error(
      `gpen-face: a picture of ${width} x ${height} is too large for this browser; give it a smaller one`,
    );
  });
}

/** Restores what an image shows. What only one mode needs is loaded by the first that does. */
export async function restoreImage(
  model: Gpen,
  image: HTMLImageElement,
  mode: PhotoMode,
  { detector, signal, onProgress }: WorkOptions,
): Promise<Work> {
  const start = performance.now();
  const made = ({ data, width, height }: Picture, faces: number): Work => {
    return { picture: new ImageData(data, width, height), faces, ms: performance.now() - start };
  };
  onProgress(mode === "aligned" ? "restore" : "detect", 0, 1);
  const picture = await fitting(image);
  try {
    if (mode === "aligned") {
      const { restore } = await import("../index");
      return made((await restore(model, picture, { signal })).pixels, 1);
    }
    const { restorePhoto } = await import("../photo/index");
    const restored = await restorePhoto(model, await detector.take(model.gpu), picture, {
      signal,
      onProgress: (phase, done, of) => phase !== "align" && onProgress(phase, done, of),
    });
    return made(await restored.render({ signal }), restored.faces.length);
  } finally {
    if ("close" in picture) picture.close();
  }
}

/** Settles as `promise` does, or rejects with the signal's reason if that comes first. */
export function unless<Result>(signal: AbortSignal, promise: Promise<Result>): Promise<Result> {
  return new Promise((done, fail) => {
    signal.addEventListener("abort", () => fail(signal.reason), { once: true });
    promise.then(done, fail);
  });
}

/** The restored picture over the original, as the element shows it, in a file. Errors: checkSettings'. */
export async function blended(
  { image, canvas }: Parts,
  strength: number,
  options: BlobOptions,
): Promise<Blob> {
  checkStrength(strength); // a canvas would ignore it
  const { width, height } = canvas;
  const file = new OffscreenCanvas(width, height);
  const context = file.getContext("2d")!;
  context.drawImage(image, 0, 0, width, height);
  context.globalAlpha = strength;
  context.drawImage(canvas, 0, 0);
  return file.convertToBlob(options);
}
