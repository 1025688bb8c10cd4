import { type Gpen, loadGpen, openGpu, restoreTo } from "gpen-webgpu";
import weights from "gpen-webgpu/models/gpen-tiny-128.safetensors?url";

const status = document.querySelector<HTMLElement>("#status")!;
const canvas = document.querySelector("canvas")!;
const input = document.querySelector("input")!;

async function load(): Promise<Gpen> {
  const model = await loadGpen(await openGpu(), weights, {
    onProgress: (phase, done, of) => {
      status.textContent = `${phase} ${of ? `${Math.round((100 * done) / of)} %` : done}`;
    },
  });
  status.textContent = `Ready on ${model.gpu.name}`;
  return model;
}

async function show(model: Gpen, file: File): Promise<void> {
  const { ms } = await restoreTo(model, file, canvas);
  status.textContent = `Restored in ${ms.toFixed(0)} ms`;
}

const say = (error: Error) => {
  status.textContent = error.message; // one sentence that says what to do
};
const model = load();
model.catch(say);
input.addEventListener("change", async () => {
  const [file] = input.files ?? [];
  if (file) await show(await model, file).catch(say);
});
