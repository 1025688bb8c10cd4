import { loadGpen, openGpu, restoreTo } from "../../dist/index.js";

const weights = new URL("../../models/gpen-tiny-128.safetensors", import.meta.url);

async function show({ photo, canvas }) {
  const model = await loadGpen(await openGpu(), weights);
  const picture = await (await fetch(photo)).blob();
  const { ms } = await restoreTo(model, picture, canvas);
  return `Restored in ${ms.toFixed(0)} ms on ${model.gpu.name}`;
}

self.addEventListener("message", async ({ data }) => {
  self.postMessage(await show(data).catch((error) => error.message));
});
