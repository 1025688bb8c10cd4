import { restoreVideo } from "gpen-webgpu/photo";
import { byId, make, paint } from "../dom";
import type { OnStep } from "../engine";
import { explain, tell } from "../explain";
import type { Bench } from "./bench";

/** The buttons for a video file and the camera; they work where there is a device to restore on. */
export function videoButtons(bench: Bench): void {
  const input = byId("video-input", HTMLInputElement);
  const pick = byId("video-file", HTMLButtonElement);
  pick.onclick = () => input.click();
  input.onchange = () => {
    const [file] = input.files ?? [];
    if (file) void play(bench, file.name, () => fromFile(file));
    input.value = "";
  };
  const camera = byId("video-camera", HTMLButtonElement);
  camera.hidden = !navigator.mediaDevices;
  for (const button of [pick, camera]) button.disabled = false;
  camera.onclick = () => void play(bench, "The camera", fromCamera);
  byId("video-stop", HTMLButtonElement).onclick = () => bench.running?.abort();
}

/** A video that plays, and what has to be done when it is over. */
interface Playing {
  readonly video: HTMLVideoElement;
  close(): void;
}

async function fromFile(file: File): Promise<Playing> {
  const src = URL.createObjectURL(file);
  const video = make("video", { src, muted: true, playsInline: true, loop: true });
  const close = () => {
    video.pause();
    URL.revokeObjectURL(src);
  };
  await video.play().catch(() => {
    close();
    throw new Error(`${file.name} is no video that this browser can play; choose an MP4 or WebM`);
  });
  return { video, close };
}

async function fromCamera(): Promise<Playing> {
  const asked = { video: { width: { ideal: 1280 } } };
  const stream = await navigator.mediaDevices.getUserMedia(asked).catch((error: Error) => {
    throw new Error(`The camera was not given (${error.message}); allow it for this page`);
  });
  const video = make("video", { srcObject: stream, muted: true, playsInline: true });
  await video.play();
  const close = () => {
    for (const track of stream.getTracks()) track.stop();
  };
  return { video, close };
}

/** Plays until it is stopped, or says why it cannot. */
async function play(bench: Bench, name: string, open: () => Promise<Playing>): Promise<void> {
  bench.running?.abort();
  const running = new AbortController();
  bench.running = running;
  const wrong = byId("video-wrong", HTMLElement);
  wrong.hidden = true;
  let playing: Playing | undefined;
  try {
    playing = await open();
    await restoreFrames(bench, name, playing.video, running.signal);
  } catch (error) {
    if (!running.signal.aborted) {
      tell(wrong, explain(error));
    }
  } finally {
    playing?.close();
    if (bench.running === running) {
      byId("video-stop", HTMLElement).hidden = true;
      // what is left is a frame, which strength and colour do not act on
      if (playing) bench.controls.show("away");
      bench.dock.idle(wrong.hidden ? "Stopped." : "The video was not restored.");
    }
  }
}

/** Restores frame after frame; those that come while one is in work are left out. */
async function restoreFrames(
  { engine, dock, viewer, controls, forget }: Bench,
  name: string,
  video: HTMLVideoElement,
  signal: AbortSignal,
): Promise<void> {
  if (!engine) return;
  const onStep: OnStep = (...step) => signal.aborted || dock.working(...step);
  forget();
  viewer.open({ width: video.videoWidth, height: video.videoHeight }, true);
  byId("caption", HTMLElement).textContent = "";
  onStep("Starting");
  const model = await engine.model(onStep, signal, []);
  const detector = await engine.detector("video", onStep, signal, []);
  byId("video-stop", HTMLElement).hidden = false;
  controls.show("ready");
  onStep("Looking for faces in the first frame");
  const begun = performance.now();
  await restoreVideo(model, detector, video, viewer.after, {
    signal,
    render: controls.values,
    onFrame({ pixels: { data, width, height } }, { restored, dropped }) {
      const frame = new ImageData(data as Uint8ClampedArray<ArrayBuffer>, width, height);
      paint(viewer.before).putImageData(frame, 0, 0);
      viewer.compare(true);
      const rate = (1000 * restored) / (performance.now() - begun);
      onStep(`${name}: ${rate.toFixed(1)} frames a second, ${dropped} left out`);
    },
  });
}
