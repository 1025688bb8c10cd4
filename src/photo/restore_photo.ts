import { ShapeError } from "../errors";
import { given } from "../gpu/recover";
import { restoreFaces } from "../restore/batch";
import { type ImageInput, pixelsOf } from "../restore/image_input";
import type { Gpen } from "../restore/load";
import type { Picture, Pixels } from "../restore/pixels";
import type { Task } from "../restore/task";
import { alignment, cropFace } from "./align";
import { chooseFaces, type Only } from "./choose_faces";
import type { Face, FaceDetector } from "./face";
import { type RestoredFace, type RestoredPhoto, restoredPhoto } from "./restored_photo";
import { type TemplateName, templateFor } from "./templates";
import { compose, resizing } from "./transform";

/**
 * A photo, in the CPU's memory or where a page has it. Where it is transparent it is looked at over
 * white, as on a page, and stays so.
 */
export type PhotoInput = Exclude<ImageInput, GPUTexture>;

/** Which faces of a photo are restored, and how. */
export interface RestorePhotoOptions {
  /** Faces that are known already; then nothing is detected. */
  readonly faces?: readonly Face[];
  /** How faces are aligned: "ffhq" for models below 256 px, "gpen" for others by default. */
  readonly template?: TemplateName;
  /** "all" by default. */
  readonly only?: Only;
  /** The same photo as another tool enlarged it: faces are pasted into it, at its size. */
  readonly background?: PhotoInput;
  /** What the model was trained for; "restore" by default. */
  readonly task?: Task;
  readonly signal?: AbortSignal;
  /**
   * Called during each phase. Units are those of the detector (1 where it reports none), faces, and
   * faces with fractions while a batch is computed.
   */
  readonly onProgress?: (phase: "detect" | "align" | "restore", done: number, of: number) => void;
}

/**
 * Finds the faces of a photo, aligns, and restores them; render() pastes them back, as often as
 * strength, colour and choice of faces change. A photo without a face gives no faces, and itself.
 *
 * Shapes    photo (h, w, 4) of any size → faces (inSize, inSize, 4) → (outSize, outSize, 4)
 * Memory    the photo's pixels once, which every render() reads, and its faces; on the GPU one face or
 *           region at a time, besides the model's own
 * Errors    ShapeError for a wrong picture or option; GpuError as restore(); the signal's reason
 * Source    GPEN face_enhancement.py
 */
export async function restorePhoto(
  model: Gpen,
  detector: FaceDetector | undefined,
  photo: PhotoInput,
  options: RestorePhotoOptions = {},
): Promise<RestoredPhoto> {
  given(model.gpu);
  const { signal, onProgress, template = templateFor(model.config) } = options;
  const { inSize, outSize } = model.config;
  signal?.throwIfAborted();
  const pixels = await pixelsOf(photo, signal);
  const background = options.background ? await pixelsOf(options.background, signal) : pixels;
  checkBackground(background, pixels);
  const { time, timings } = stopwatch();
  const found = options.faces ?? (await time("detect", () => detect(detector, pixels, options)));
  const chosen = chooseFaces(found, options.only);
  const placed = chosen.map((face) => ({ face, toPhoto: alignment(face, template, inSize) }));
  const aligned: Picture[] = [];
  await time("align", async () => {
    for (const { toPhoto } of placed) {
      aligned.push(await cropFace(model.gpu, pixels, toPhoto, inSize, signal));
      onProgress?.("align", aligned.length, placed.length);
    }
  });
  const restored = await time("restore", () =>
    restoreFaces(model, aligned, {
      task: options.task,
      signal,
      onProgress: (done, of) => onProgress?.("restore", done, of),
    }),
  );
  const shrinking = resizing(inSize / outSize, inSize / outSize);
  const faces = placed.map(
    ({ face, toPhoto }, i): RestoredFace => ({
      face,
      aligned: aligned[i],
      restored: restored[i].pixels,
      toPhoto: compose(toPhoto, shrinking),
      rerun: restored[i].rerun,
    }),
  );
  return restoredPhoto(model.gpu, faces, template, timings, pixels, background);
}

async function detect(
  detector: FaceDetector | undefined,
  photo: Pixels,
  { signal, onProgress }: RestorePhotoOptions,
): Promise<readonly Face[]> {
  if (!detector) {
    throw new ShapeError("restorePhoto: there is no detector; pass one, or options.faces");
  }
  let [seen, all] = [0, 1];
  const report = (done: number, of: number) => {
    [seen, all] = [done, of];
    onProgress?.("detect", done, of);
  };
  report(0, 1);
  const faces = await detector.detect(photo, { signal, onProgress: report });
  signal?.throwIfAborted();
  if (seen < all) report(all, all);
  return faces;
}

/** Upscalers round sizes: one in a hundred may differ. */
function checkBackground(background: Pixels, photo: Pixels): void {
  const stretch = (background.width * photo.height) / (background.height * photo.width);
  if (Math.abs(Math.log(stretch)) > 0.01) {
    throw new ShapeError(
      `restorePhoto: the background is ${background.width} x ${background.height}, it must show the whole photo of ${photo.width} x ${photo.height} at another scale`,
    );
  }
}

function stopwatch() {
  const timings: { name: string; ms: number }[] = [];
  const time = async <Result>(name: string, work: () => Promise<Result>): Promise<Result> => {
    const start = performance.now();
    const result = await work();
    timings.push({ name, ms: performance.now() - start });
    return result;
  };
  return { timings, time };
}
