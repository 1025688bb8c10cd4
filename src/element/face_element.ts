import type { Gpen } from "../restore/load";
import { INPUTS, OBSERVED, type Reflected, reflect, textsOf, unhide } from "./attributes";
import { closeGpu, detectors, loadModel } from "./load";
import { whenNear } from "./near";
import { makeParts, type Parts } from "./parts";
import { type Pool, type Progress, pool, type Tenant } from "./pool";
import { slide } from "./slider";
import { type FaceState, type Phase, present, showProgress, showResult, showState } from "./view";
import { blended, checkSettings, restoreImage, showing, unless, type Work } from "./work";

/** A server that renders pages imports this too. */
const Base = (typeof HTMLElement === "undefined"
  ? Object
  : HTMLElement) as unknown as new () => FaceTarget & HTMLElement & Reflected;

/**
 * `<gpen-face>` shows a picture, restores the face in it on the visitor's GPU, and lets the visitor
 * compare the two by a slider. All elements of a page share one device, and each model is loaded once.
 *
 * Attributes  src, model: URLs. photo: "aligned" (default; the picture is one face) or "whole".
 *             strength: 0 to 1. value: where the slider stands, 0 to 100. loading: "lazy" waits until
 *             the element is near the viewport. alt, crossorigin: as of img. Texts in the page's
 *             language: label (of the slider), label-before, label-after, phases (six, with commas between)
 * Slots       loading and error, instead of the progress bar and of the sentence
 * Events      load, detail { faces, ms }; error; progress, detail { phase, done } with done from 0 to 1;
 *             input when the visitor moves the slider
 * Memory      a picture above 16.7 megapixels, the most on phones, is restored at that size
 * Errors      the original picture stays, and one sentence says why; the error event has it too
 */
export class GpenFace extends Base {
  static readonly observedAttributes = OBSERVED;
  /** Where the elements' models come from. */
  static models: Pool<string, Gpen> = pool(loadModel, closeGpu);

  readonly #parts: Parts;
  readonly #model: Tenant<string, Gpen>;
  readonly #detector = detectors();
  #state: FaceState = "idle";
  #run?: AbortController;
  #stopWaiting?: () => void;
  #inputs?: string;
  #due = false;

  constructor() {
    super();
    this.#parts = makeParts(this.attachShadow({ mode: "open" }));
    this.#model = (this.constructor as typeof GpenFace).models();
    const move = (to: number) => {
      this.value = to;
      this.dispatchEvent(new Event("input", { bubbles: true }));
    };
    slide(this.#parts.slider, () => this.value, move);
    this.#show("idle");
  }

  get state(): FaceState {
    return this.#state;
  }

  connectedCallback(): void {
    unhide(this);
    this.attributeChangedCallback("src");
  }

  disconnectedCallback(): void {
    // an element that is only moved is connected again at once
    queueMicrotask(() => this.isConnected || this.#close());
  }

  attributeChangedCallback(name: string): void {
    present(this.#parts, textsOf(this), this.value, this.strength);
    if (this.#due || !(INPUTS as readonly string[]).includes(name)) return;
    this.#due = true;
    // attributes are set one by one; the work begins when all of them are
    queueMicrotask(() => {
      this.#due = false;
      if (this.isConnected) this.#begin();
    });
  }

  /**
   * Restores now: again, or in spite of loading="lazy".
   *
   * Errors    as the error event's; an AbortError if src, model or photo change meanwhile, or the element
   *           leaves the document or is in none
   */
  async restore(): Promise<void> {
    this.#stop();
    // what it would take is given back when it leaves the document
    if (!this.isConnected) throw aborted("it is in no document; append it first");
    const run = new AbortController();
    this.#run = run;
    try {
      this.#show("loading");
      const { picture, ...detail } = await unless(run.signal, this.#work(run.signal));
      run.signal.throwIfAborted(); // src may have changed since there was a result
      this.#state = detail.faces > 0 ? "ready" : "idle";
      showResult(this.#parts, textsOf(this), picture, detail.faces);
      this.dispatchEvent(new CustomEvent("load", { detail }));
    } catch (error) {
      if (!run.signal.aborted) this.#fail(error as Error);
      throw error;
    }
  }

  /** The restored picture as a file, PNG by default. Throws Error if there is none, or no strength. */
  async toBlob(type?: string, quality?: number): Promise<Blob> {
    if (this.#state === "ready") return blended(this.#parts, this.strength, { type, quality });
    throw new Error("gpen-face: there is no restored picture yet; wait for the load event");
  }

  #begin(): void {
    const inputs = JSON.stringify(INPUTS.map((name) => this[name]));
    if (inputs === this.#inputs) return;
    this.#inputs = inputs;
    this.#stop();
    this.#show("idle");
    const { image } = this.#parts;
    image.crossOrigin = this.getAttribute("crossorigin");
    image.loading = this.loading === "lazy" ? "lazy" : "eager";
    image.src = this.src;
    const quietly = () => void this.restore().catch(() => {});
    if (!this.src) image.removeAttribute("src");
    else if (this.loading === "lazy") this.#stopWaiting = whenNear(this, quietly);
    else quietly();
  }

  async #work(signal: AbortSignal): Promise<Work> {
    const mode = checkSettings(this);
    const loading = this.#model.take(this.model, this.#loading);
    const [model] = await Promise.all([loading, showing(this.#parts.image, this.src)]);
    signal.throwIfAborted();
    const onProgress = this.#progress.bind(this);
    const { image } = this.#parts;
    return restoreImage(model, image, mode, { detector: this.#detector, signal, onProgress });
  }

  readonly #loading: Progress = (phase, done, of) => {
    if (phase !== "upload") this.#progress(phase === "download" ? phase : "prepare", done, of);
  };

  #progress(phase: Phase, done: number, of = 0): void {
    if (this.#state !== "loading") return;
    const share = showProgress(this.#parts, textsOf(this), phase, of > 0 ? done / of : 0);
    this.dispatchEvent(new CustomEvent("progress", { detail: { phase, done: share } }));
  }

  #fail(error: Error): void {
    const { message } = error;
    this.#show("error", message);
    this.dispatchEvent(new ErrorEvent("error", { error, message }));
  }

  #show(state: FaceState, sentence?: string): void {
    this.#state = state;
    showState(this.#parts, state, sentence);
  }

  #stop(): void {
    this.#run?.abort(aborted("another picture was asked for"));
    this.#stopWaiting?.();
  }

  #close(): void {
    this.#stop();
    this.#model.leave();
    this.#detector.leave();
    this.#inputs = undefined;
    this.#parts.canvas.width = this.#parts.canvas.height = 0;
    this.#show("idle");
  }
}

function aborted(why: string): DOMException {
  return new DOMException(`gpen-face: ${why}`, "AbortError");
}

/** Events of the element: a picture is shown, something failed, work goes on (`done` from 0 to 1). */
export interface FaceEvents {
  load: CustomEvent<{ readonly faces: number; readonly ms: number }>;
  error: ErrorEvent;
  progress: CustomEvent<{ readonly phase: Phase; readonly done: number }>;
}

/** Listeners of the element's own events know what they are called with. */
interface FaceTarget {
  addEventListener<Type extends keyof FaceEvents>(
    type: Type,
    listener: (this: GpenFace, event: FaceEvents[Type]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<Type extends keyof FaceEvents>(
    type: Type,
    listener: (this: GpenFace, event: FaceEvents[Type]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
}

reflect(GpenFace.prototype);
