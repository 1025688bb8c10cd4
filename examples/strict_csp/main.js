import { loadGpen, openGpu, restore } from "../../dist/index.js";

const status = document.querySelector("#status");

async function show() {
  const gpu = await openGpu();
  const model = await loadGpen(gpu, "../../models/gpen-tiny-128.safetensors");
  const photo = await createImageBitmap(await (await fetch("../astronaut.png")).blob());
  const { pixels, ms } = await restore(model, photo);
  const picture = new ImageData(pixels.data, pixels.width, pixels.height);
  document.querySelector("canvas").getContext("2d").putImageData(picture, 0, 0);
  status.textContent = `Restored in ${ms.toFixed(0)} ms on ${gpu.name}`;
}

show().catch((error) => {
  status.textContent = error.message; // one sentence that says what to do
});
