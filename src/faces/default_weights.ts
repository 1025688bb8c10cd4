import type { ModelSource } from "../restore/model_source";

/** In the package the file lies beside this code; in the checkout the build keeps it there. */
const BESIDE = new URL(
  /* @vite-ignore */ "../../node_modules/.cache/gpen-webgpu/face_detector.safetensors",
  import.meta.url,
);

/** The detector's weights that come with the package, 334 kB. */
export async function defaultWeights(): Promise<ModelSource> {
  if (BESIDE.protocol !== "file:") return BESIDE;
  // Node's fetch() does not read files; asked for by name so that bundlers for pages see no import.
  const { readFile } = process.getBuiltinModule("node:fs/promises");
  return readFile(BESIDE);
}
