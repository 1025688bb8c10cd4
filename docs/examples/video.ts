import { loadGpen, openGpu } from "gpen-webgpu";
import { loadFaceDetector, restoreVideo } from "gpen-webgpu/photo";

const gpu = await openGpu();
const model = await loadGpen(gpu, "models/gpen-tiny-128.safetensors");
// Looking for large faces only takes a fraction of the time.
const detector = await loadFaceDetector(gpu, undefined, { minSize: 96 });

const video = document.querySelector("video")!;
video.srcObject = await navigator.mediaDevices.getUserMedia({ video: true });
await video.play();

const stop = new AbortController();
document.querySelector("button")!.onclick = () => stop.abort();
const { restored, dropped } = await restoreVideo(
  model,
  detector,
  video,
  document.querySelector("canvas")!,
  { only: "largest", signal: stop.signal },
);
console.log(`${restored} frames restored, ${dropped} left out`);
