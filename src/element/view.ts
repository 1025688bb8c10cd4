import type { Parts } from "./parts";

/** What the element is doing, as its `state` says. */
export type FaceState = "idle" | "loading" | "ready" | "error";
/** What the element works on: the model's download, its shaders, the faces of a whole photo. */
export type Phase = "download" | "prepare" | "detect" | "restore";

/** Where each phase begins and how long it is, as shares: a first visit is mostly download. */
const SHARES = {
  download: [0, 0.6],
  prepare: [0.6, 0.2],
  detect: [0.8, 0.1],
  restore: [0.9, 0.1],
} as const;
const ORDER: readonly string[] = Object.keys(SHARES);

/** What the element says, in the page's language. */
export interface Texts {
  readonly alt: string;
  readonly label: string;
  readonly before: string;
  readonly after: string;
  /** Of each phase, then restored, no face found. */
  readonly phases: readonly string[];
}

/** Texts, the slider's place from 0 to 100, and how much of the restored picture shows. */
export function present(parts: Parts, texts: Texts, at: number, strength: number): void {
  const { image, before, after, slider, frame } = parts;
  const whole = Math.round(at);
  if (image.alt !== texts.alt) image.alt = texts.alt;
  before.textContent = texts.before;
  after.textContent = texts.after;
  slider.ariaLabel = texts.label;
  slider.ariaValueNow = `${whole}`;
  slider.ariaValueText = `${texts.before} ${whole} %, ${texts.after} ${100 - whole} %`;
  frame.style.setProperty("--at", `${at}%`);
  frame.style.setProperty("--strength", `${strength}`);
}

export function showState(parts: Parts, state: FaceState, sentence = ""): void {
  parts.frame.classList.toggle("ready", state === "ready");
  parts.frame.ariaBusy = `${state === "loading"}`;
  parts.slider.hidden = state !== "ready";
  parts.loading.hidden = state !== "loading";
  parts.track.hidden = false;
  parts.error.hidden = state !== "error";
  parts.sentence.textContent = sentence;
  if (state !== "ready") parts.spoken.textContent = "";
}

/** Shows how far a phase is, from 0 to 1, and says its name once. Returns the share of the whole. */
export function showProgress(parts: Parts, texts: Texts, phase: Phase, share: number): number {
  const [from, length] = SHARES[phase];
  const done = from + length * share;
  const text = texts.phases[ORDER.indexOf(phase)];
  parts.track.style.setProperty("--done", `${done}`);
  parts.track.ariaValueNow = `${Math.round(100 * done)}`;
  if (parts.spoken.textContent !== text) {
    parts.track.ariaLabel = text;
    parts.phase.textContent = text;
    parts.spoken.textContent = text;
  }
  return done;
}

/** Shows what came out. A photo without a face is a result too, with nothing to compare. */
export function showResult(parts: Parts, texts: Texts, picture: ImageData, faces: number): void {
  const { canvas } = parts;
  [canvas.width, canvas.height] = [picture.width, picture.height];
  canvas.getContext("2d")?.putImageData(picture, 0, 0);
  showState(parts, faces > 0 ? "ready" : "idle");
  const text = texts.phases[faces > 0 ? 4 : 5];
  parts.spoken.textContent = text;
  if (faces > 0) return;
  parts.loading.hidden = false;
  parts.track.hidden = true;
  parts.phase.textContent = text;
}
