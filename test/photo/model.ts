import { onTestFinished } from "vitest";
import type { Gpu } from "../../src/gpu/open";
import { openFileSource } from "../../src/node/file_source";
import { type Gpen, loadGpen } from "../../src/restore/load";

/** The embedded model, on a GPU of the running test. */
export async function tinyModel(gpu: Gpu): Promise<Gpen> {
  const source = await openFileSource("models/gpen-tiny-128.safetensors");
  const model = await loadGpen(gpu, source);
  onTestFinished(async () => {
    model.dispose();
    await source.close();
  });
  return model;
}
