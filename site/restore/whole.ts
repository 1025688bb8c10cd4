import type { Gpen } from "gpen-webgpu";
import { type FaceDetector, restorePhoto } from "gpen-webgpu/photo";
import { photoStep } from "./photo_step";
import type { Restoration, Work } from "./restoration";

/** A whole photo: its faces are found, restored one after another, and pasted back. */
export async function restoreWhole(
  model: Gpen,
  detector: FaceDetector,
  image: ImageBitmap,
  { onStep, signal, times }: Work,
): Promise<Restoration> {
  const photo = await restorePhoto(model, detector, image, {
    signal,
    onProgress: (...progress) => onStep(...photoStep(...progress)),
  });
  times.push(...photo.timings.map(({ name, ms }) => ({ name: NAMES[name] ?? name, ms })));
  return {
    faces: photo.faces.map(({ face, aligned, restored }) => ({ box: face.box, aligned, restored })),
    regions: ({ strength, keepColour, faces }) => photo.regions({ strength, keepColour, faces }),
    dispose: photo.dispose,
  };
}

const NAMES: Readonly<Record<string, string>> = {
  detect: "Find faces",
  align: "Cut out",
  restore: "Network",
};
