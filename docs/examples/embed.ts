import { loadGpen, openGpu, restore } from "gpen-webgpu";

const gpu = await openGpu();
const model = await loadGpen(gpu, "models/gpen-tiny-128.safetensors");
const face = await createImageBitmap(document.querySelector("img")!);

const { pixels, ms } = await restore(model, face, { strength: 0.8 });

const picture = new ImageData(pixels.data, pixels.width, pixels.height);
document.querySelector("canvas")!.getContext("2d")!.putImageData(picture, 0, 0);
console.log(`${gpu.name}: ${ms.toFixed(0)} ms`);
model.dispose();
