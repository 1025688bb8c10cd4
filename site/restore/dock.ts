import { byId, make } from "../dom";
import type { Timed } from "../engine";
import { duration, megabytes, sentence } from "../words";

/** The strip under the picture: what is going on, what failed, or where the time went. */
export interface Dock {
  /** Nothing is going on; `again` begins anew what was cancelled. */
  idle(text: string, again?: () => void): void;
  working(what: string, done?: number, of?: number): void;
  failed(error: unknown, retry?: () => void): void;
  done(times: readonly Timed[]): void;
  onCancel(cancel: () => void): void;
}

export function dock(): Dock {
  const ready = byId("ready", HTMLElement);
  const progress = byId("progress", HTMLElement);
  const failure = byId("failure", HTMLElement);
  const timeline = byId("timeline", HTMLElement);
  const show = (shown: HTMLElement, state: string) => {
    for (const part of [ready, progress, failure, timeline]) part.hidden = part !== shown;
    document.body.dataset.state = state;
  };
  return {
    idle(text, again) {
      byId("ready-text", HTMLElement).textContent = text;
      const button = byId("again", HTMLButtonElement);
      button.hidden = !again;
      button.onclick = () => again?.();
      show(ready, "idle");
    },
    working(what, done, of) {
      show(progress, "working");
      byId("doing", HTMLElement).textContent = progressText(what, done, of);
      const share = byId("share", HTMLProgressElement);
      if (done !== undefined && of) share.value = Math.min(1, done / of);
      else share.removeAttribute("value");
    },
    failed(error, retry) {
      byId("failure-text", HTMLElement).textContent = sentence(error);
      const button = byId("retry", HTMLButtonElement);
      button.hidden = !retry;
      button.onclick = () => retry?.();
      show(failure, "failed");
    },
    done(times) {
      draw(times);
      show(timeline, "done");
    },
    onCancel(cancel) {
      byId("cancel", HTMLButtonElement).onclick = cancel;
    },
  };
}

function progressText(what: string, done?: number, of?: number): string {
  if (done === undefined || of === undefined) return `${what} …`;
  // only bytes come in such numbers
  if (of > 1e5) return `${what}, ${megabytes(done)} of ${megabytes(of)}`;
  return `${what}, ${done} of ${of}`;
}

/** Parts that took no time to speak of would be frames too narrow to be seen. */
const LEAST_SHARE = 0.004;

function draw(times: readonly Timed[]): void {
  const sum = times.reduce((total, { ms }) => total + ms, 0);
  const once = times.reduce((total, part) => total + (part.once ? part.ms : 0), 0);
  const onceText = once > 0 ? `, of which ${duration(once)} only the first time` : "";
  byId("timeline-sum", HTMLElement).textContent = `${duration(sum)}${onceText}`;
  const parts = times.filter(({ ms }) => ms > LEAST_SHARE * sum);
  const frame = (kind: "i" | "li", { name, once }: Timed, ...inside: HTMLElement[]) => {
    const element = make(kind, {}, ...inside);
    element.toggleAttribute("data-once", once === true);
    element.toggleAttribute("data-network", name === "Network");
    return element;
  };
  byId("timeline-strip", HTMLElement).replaceChildren(
    ...parts.map((part) => {
      const element = frame("i", part);
      element.title = `${part.name}: ${duration(part.ms)}`;
      element.style.flexGrow = `${part.ms / sum}`;
      return element;
    }),
  );
  byId("timeline-parts", HTMLElement).replaceChildren(
    ...parts.map((part) =>
      frame("li", part, make("span", {}, part.name), make("span", {}, duration(part.ms))),
    ),
  );
}
