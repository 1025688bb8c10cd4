import { loadGpen, openGpu, restore } from "../../dist/index.js";

const weights = new URL("../../models/gpen-tiny-128.safetensors", import.meta.url);

async function show({ photo, canvas }) {
  const model = await loadGpen(await openGpu(), weights);
  const picture = await createImageBitmap(await (await fetch(photo)).blob());
  const { pixels, ms } = await restore(model, picture);
  [canvas.width, canvas.height] = [pixels.width, pixels.height];
  const restored = new ImageData(pixels.data, pixels.width, pixels.height);
  canvas.getContext("2d").putImageData(restored, 0, 0);
  return `Restored in ${ms.toFixed(0)} ms on ${model.gpu.name}`;
}

self.addEventListener("message", async ({ data }) => {
  self.postMessage(await show(data).catch((error) => error.message));
});
