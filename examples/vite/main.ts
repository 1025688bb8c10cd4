import { type Gpen, loadGpen, openGpu, restore } from "gpen-webgpu";
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
  const { pixels, ms } = await restore(model, await createImageBitmap(file));
  [canvas.width, canvas.height] = [pixels.width, pixels.height];
  const picture = new ImageData(pixels.data, pixels.width, pixels.height);
  canvas.getContext("2d")!.putImageData(picture, 0, 0);
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
