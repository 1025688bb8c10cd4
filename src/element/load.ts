import type { Gpu } from "../gpu/open";
import type { FaceDetector } from "../photo/face";
import type { Gpen } from "../restore/load";
import { type LoadingOptions, pool } from "./pool";

/** Loads the model that an element's `model` attribute names. */
export type LoadModel = (url: string, options: LoadingOptions) => Promise<Gpen>;

let gpu: Promise<Gpu> | undefined;

/** One device for all elements; the engine comes with the first model. */
export const loadModel: LoadModel = async (url, options) => {
  const { loadGpen, openGpu } = await import("../index");
  gpu ??= openGpu();
  return loadGpen(await gpu, url, options);
};

export function closeGpu(): void {
  gpu?.then((opened) => opened.dispose()).catch(() => {});
  gpu = undefined;
}

/** One detector per device; what finds and pastes faces comes with the first. */
export const detectors = pool<Gpu, FaceDetector>(async (gpu, { signal }) => {
  const { loadFaceDetector } = await import("../photo/index");
  return loadFaceDetector(gpu, undefined, { signal });
});
