import { existsSync } from "node:fs";
import { loadGpen, type Pixels, restore } from "../../src/index";
import { openFileSource } from "../../src/node/file_source";
import { openNodeGpu } from "../../src/node/gpu";
import { readImage, writeImage } from "../../src/node/image";
import { ROOT } from "./servers";

/** Sums in another order move single levels by one, which is 60 dB; a wrong picture has less than 30. */
export const SAME_PICTURE_DB = 50;

/** What Node makes of the example; made once for all files of a run. */
export const EXPECTED = `${ROOT}out/e2e/expected.png`;

/** The example as the embedded model restores it in Node, in f32, on the best adapter there. */
export async function expectedPixels(): Promise<Pixels> {
  if (!existsSync(EXPECTED)) await writeImage(EXPECTED, await restoredInNode());
  return readImage(EXPECTED);
}

async function restoredInNode(): Promise<Pixels> {
  const gpu = await openNodeGpu();
  const weights = await openFileSource(`${ROOT}models/gpen-tiny-128.safetensors`);
  try {
    const model = await loadGpen(gpu, weights, { precision: "f32" });
    return (await restore(model, await readImage(`${ROOT}examples/astronaut.png`))).pixels;
  } finally {
    gpu.dispose();
    await weights.close();
  }
}
