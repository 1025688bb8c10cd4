import { loadGpen, openGpu } from "../../dist/index.js";
import { loadFaceDetector, restorePhoto } from "../../dist/photo.js";

const status = document.querySelector("#status");
const canvas = document.querySelector("canvas");

async function show() {
  const gpu = await openGpu();
  const [model, detector] = await Promise.all([
    loadGpen(gpu, "../../models/gpen-tiny-128.safetensors"),
    loadFaceDetector(gpu),
  ]);
  const photo = await (await fetch("../photo.jpg")).blob();
  const restored = await restorePhoto(model, detector, photo);
  const { data, width, height } = await restored.render({ strength: 0.9 }); // again, as often as you like
  Object.assign(canvas, { width, height });
  canvas.getContext("2d").putImageData(new ImageData(data, width, height), 0, 0);
  status.textContent = `Restored ${restored.faces.length} face on ${gpu.name}`;
}

show().catch((error) => {
  status.textContent = error.message; // one sentence that says what to do
});
