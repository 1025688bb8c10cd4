import { loadGpen, openGpu, toBlob } from "gpen-webgpu";
import { loadFaceDetector, restorePhoto } from "gpen-webgpu/photo";

const gpu = await openGpu();
const model = await loadGpen(gpu, "models/gpen-tiny-128.safetensors");
const detector = await loadFaceDetector(gpu);

const [file] = document.querySelector<HTMLInputElement>("input[type=file]")!.files!;
const photo = await restorePhoto(model, detector, file);
console.log(`${photo.faces.length} faces`);

// As often as a slider moves: the network does not run again.
const picture = await photo.render({ strength: 0.8, keepColour: true });
document.querySelector("img")!.src = URL.createObjectURL(await toBlob(picture));
photo.dispose();
