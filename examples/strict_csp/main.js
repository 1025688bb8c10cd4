import { loadGpen, openGpu, restoreTo } from "../../dist/index.js";

const status = document.querySelector("#status");

async function show() {
  const gpu = await openGpu();
  const model = await loadGpen(gpu, "../../models/gpen-tiny-128.safetensors");
  const photo = await (await fetch("../astronaut.png")).blob();
  const { ms } = await restoreTo(model, photo, document.querySelector("canvas"));
  status.textContent = `Restored in ${ms.toFixed(0)} ms on ${gpu.name}`;
}

show().catch((error) => {
  status.textContent = error.message; // one sentence that says what to do
});
