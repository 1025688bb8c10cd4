import { copyFile, mkdir } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { loadFaceDetector } from "../faces/load_face_detector";
import { restore } from "../index";
import { beforeAfter } from "../node/before_after";
import { type Image, imageFormat, readImage, writeImage } from "../node/image";
import type { FaceDetector } from "../photo/face";
import { restorePhoto } from "../photo/restore_photo";
import type { RestoredFace } from "../photo/restored_photo";
import { ms, type OpenModel, withModel } from "./open_model";
import type { RestoreOptions } from "./options";

/** What one picture took, and what else there is to say. */
export interface Done {
  /** Milliseconds that the network took; none if the photo has no face. */
  readonly ms?: number;
  readonly notes: readonly string[];
}

export type RestorePicture = (from: string, to: string) => Promise<Done>;

/** Opens the model, for photos also the detector, and runs `use` with what restores one picture. */
export function withRestorer<Result>(
  options: RestoreOptions,
  use: (open: OpenModel, restorePicture: RestorePicture) => Promise<Result>,
): Promise<Result> {
  return withModel(options.model, options, async (open) => {
    if (options.aligned) return use(open, (from, to) => restoreAligned(open, from, to, options));
    const detector = await loadFaceDetector(open.gpu);
    try {
      return await use(open, (from, to) => restoreWhole(open, detector, from, to, options));
    } finally {
      detector.dispose();
    }
  });
}

async function restoreAligned(
  { model, task }: OpenModel,
  from: string,
  to: string,
  { strength, compare }: RestoreOptions,
): Promise<Done> {
  const before = await readImage(from);
  const { pixels, ms, rerun } = await restore(model, before, { strength, task });
  await writeResult(to, pixels, before, compare);
  return { ms, notes: rerunNote(rerun) };
}

async function restoreWhole(
  { model, task }: OpenModel,
  detector: FaceDetector,
  from: string,
  to: string,
  options: RestoreOptions,
): Promise<Done> {
  const before = await readImage(from, { alpha: true });
  const background = options.background && (await readImage(options.background, { alpha: true }));
  const { only, template, strength, keepColour, compare, faces } = options;
  const photo = await restorePhoto(model, detector, before, {
    only,
    template,
    task,
    background: background || undefined,
  });
  const start = performance.now();
  const after = await photo.render({ strength, keepColour });
  const timings = [...photo.timings, { name: "paste", ms: performance.now() - start }];
  const shown = options.background ?? from;
  if (photo.faces.length === 0) await copyPicture(shown, to, after, before, compare);
  else await writeResult(to, after, before, compare);
  if (photo.faces.length === 0) return { notes: [`no face found in ${from}: ${to} is unchanged`] };
  const written = faces ? await writeFaces(faces, from, photo.faces) : [];
  const phases = timings.map((each) => `${each.name} ${ms(each.ms)}`).join(", ");
  return {
    ms: timings.find(({ name }) => name === "restore")?.ms,
    notes: [
      `faces    ${photo.faces.length} restored: ${phases}`,
      ...rerunNote(photo.faces.find(({ rerun }) => rerun)?.rerun),
      ...written,
    ],
  };
}

function rerunNote(rerun: string | undefined): string[] {
  return rerun ? [`note     computed again in f32: ${rerun}`] : [];
}

async function writeResult(to: string, after: Image, before: Image, compare: string | undefined) {
  await writeImage(to, after);
  if (compare) await writeImage(compare, await beforeAfter(before, after));
}

/** The bytes as they are, where the format stays the same. */
async function copyPicture(
  from: string,
  to: string,
  after: Image,
  before: Image,
  compare: string | undefined,
): Promise<void> {
  if (imageFormat(from) !== imageFormat(to)) return writeResult(to, after, before, compare);
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to);
  if (compare) await writeImage(compare, await beforeAfter(before, after));
}

/** DIR/photo-1-aligned.png and DIR/photo-1-restored.png, and so on. */
async function writeFaces(directory: string, from: string, faces: readonly RestoredFace[]) {
  const name = basename(from, extname(from));
  for (const [i, { aligned, restored }] of faces.entries()) {
    await writeImage(join(directory, `${name}-${i + 1}-aligned.png`), aligned);
    await writeImage(join(directory, `${name}-${i + 1}-restored.png`), restored);
  }
  return [`wrote    ${2 * faces.length} pictures of faces to ${directory}`];
}
