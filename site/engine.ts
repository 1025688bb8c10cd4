import { type Gpen, type Gpu, loadGpen, type ModelSource, openGpu } from "gpen-webgpu";
import { EMBEDDED_MODEL, fetchWeights } from "gpen-webgpu/download";
import type { FaceDetector } from "gpen-webgpu/photo";
import embeddedUrl from "../models/gpen-tiny-128.safetensors?url";
import detectorUrl from "../node_modules/.cache/gpen-webgpu/face_detector.safetensors?url";

/** Which weights: those that come with the page, or a file of the visitor's. */
export interface ModelChoice {
  readonly name: string;
  readonly bytes: number;
  readonly source: ModelSource;
  readonly embedded: boolean;
}

export const EMBEDDED: ModelChoice = {
  name: "gpen-tiny-128, embedded",
  bytes: EMBEDDED_MODEL.bytes,
  source: embeddedUrl,
  embedded: true,
};

export interface Timed {
  readonly name: string;
  readonly ms: number;
  /** Spent once per model, not per picture. */
  readonly once?: boolean;
}

/** The narrowest face that is looked for, in pixels: each halving is four times the work. */
const LEAST_FACE = { photo: 32, video: 96 } as const;

export type OnStep = (what: string, done?: number, of?: number) => void;

/** The device and the model on it, each made when it is first needed. */
export interface Engine {
  readonly gpu: Gpu;
  readonly choice: ModelChoice;
  /** The model, loaded if it is not; what loading took goes to `times`. */
  model(onStep: OnStep, signal: AbortSignal, times: Timed[]): Promise<Gpen>;
  /** The face detector, loaded if it is not; that of videos looks for large faces, in less time. */
  detector(
    kind: keyof typeof LEAST_FACE,
    onStep: OnStep,
    signal: AbortSignal,
    times: Timed[],
  ): Promise<FaceDetector>;
  /** The loaded model, if it is. */
  loaded(): Gpen | undefined;
  /** Goes on with other weights; the next model() loads them. */
  choose(choice: ModelChoice): void;
}

/** Opens the visitor's graphics card. Throws GpuError, one sentence, where there is none. */
export async function openEngine(): Promise<Engine> {
  const gpu = await openGpu({ powerPreference: "high-performance" });
  let choice = EMBEDDED;
  let model: Gpen | undefined;
  const detectors = new Map<string, FaceDetector>();
  const loaded: Engine["model"] = async (onStep, signal, times) => {
    if (model) return model;
    const wanted = choice;
    const own = await load(gpu, wanted, onStep, signal, times);
    // both pages may ask at once, and another may be chosen meanwhile: one model stays
    if (model || choice !== wanted) own.dispose();
    else model = own;
    return model ?? loaded(onStep, signal, times);
  };
  return {
    gpu,
    get choice() {
      return choice;
    },
    loaded: () => model,
    model: loaded,
    async detector(kind, onStep, signal, times) {
      const detector =
        detectors.get(kind) ?? (await openDetector(gpu, LEAST_FACE[kind], onStep, signal, times));
      detectors.set(kind, detector);
      return detector;
    },
    choose(other) {
      model?.dispose();
      model = undefined;
      choice = other;
    },
  };
}

async function load(
  gpu: Gpu,
  choice: ModelChoice,
  onStep: OnStep,
  signal: AbortSignal,
  times: Timed[],
): Promise<Gpen> {
  const formats = choice.embedded ? [] : await importers();
  const marks = { begun: performance.now(), download: 0, upload: 0, compile: 0 };
  const fetching = choice.embedded ? "Fetching the model" : "Reading the model";
  onStep(fetching, 0, choice.bytes);
  const shares = { upload: 0, compile: 0 };
  const onProgress = (phase: Phase, done: number, of: number | undefined) => {
    marks[phase] = performance.now();
    if (phase === "download") return onStep(fetching, done, of ?? choice.bytes);
    // both go on at the same time: told apart, the bar would jump between them
    shares[phase] = of ? done / of : 1;
    onStep("Setting up the network", (shares.upload + shares.compile) / 2, 1);
  };
  const source = choice.embedded ? await kept(onProgress, signal) : choice.source;
  const model = await loadGpen(gpu, source, { formats, signal, onProgress });
  times.push(...loadTimes(marks, choice.embedded ? "Download" : "Read"));
  return model;
}

/** The embedded model from the browser's cache, where an earlier visit left it, or from the server. */
function kept(
  onProgress: (phase: "download", done: number, of: number | undefined) => void,
  signal: AbortSignal,
) {
  const { bytes, sha256 } = EMBEDDED_MODEL;
  const options = { bytes, sha256, signal };
  return fetchWeights(new URL(embeddedUrl, document.baseURI), {
    ...options,
    onProgress: (done, of) => onProgress("download", done, of),
  });
}

async function openDetector(
  gpu: Gpu,
  minSize: number,
  onStep: OnStep,
  signal: AbortSignal,
  times: Timed[],
) {
  onStep("Fetching the face detector");
  const begun = performance.now();
  const { loadFaceDetector } = await import("gpen-webgpu/photo");
  const detector = await loadFaceDetector(gpu, detectorUrl, { minSize, signal });
  times.push({ name: "Detector", ms: performance.now() - begun, once: true });
  return detector;
}

type Phase = "download" | "upload" | "compile";

type Marks = Readonly<Record<"begun" | "download" | "upload" | "compile", number>>;

/** Phases by when each made its last step; shaders compile beside the upload and outlast it. */
function loadTimes(marks: Marks, fetching: string): Timed[] {
  const downloaded = Math.max(marks.begun, marks.download);
  const uploaded = Math.max(downloaded, marks.upload);
  const compiled = Math.max(uploaded, marks.compile);
  return [
    { name: fetching, ms: downloaded - marks.begun, once: true },
    { name: "Upload", ms: uploaded - downloaded, once: true },
    { name: "Compile", ms: compiled - uploaded, once: true },
    { name: "Prepare", ms: performance.now() - compiled, once: true },
  ];
}

/** The readers of .pth and ONNX, which the embedded model does without. */
export async function importers() {
  const { onnx, pytorch } = await import("gpen-webgpu/importers");
  return [pytorch, onnx];
}
