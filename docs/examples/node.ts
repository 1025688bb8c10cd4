import { loadGpen, restore } from "gpen-webgpu";
import { openFileSource, openNodeGpu, readImage, writeImage } from "gpen-webgpu/node";

const gpu = await openNodeGpu();
const weights = await openFileSource("models/gpen-tiny-128.safetensors");
const model = await loadGpen(gpu, weights);
const { pixels } = await restore(model, await readImage("face.png"));
await writeImage("restored.png", pixels);
model.dispose();
await weights.close();
gpu.dispose();
