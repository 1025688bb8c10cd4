import { byId, make } from "../dom";
import type { Timed } from "../engine";
import { explain, tell } from "../explain";
import { duration, progressText } from "../words";

/** A button: what it says, and what it does. */
export interface Action {
  readonly label: string;
  go(): void;
}

/** The strip under the picture: what is going on, what failed, or where the time went. */
export interface Dock {
  /** Nothing is going on; `next` is what suggests itself. */
  idle(text: string, next?: Action): void;
  working(what: string, done?: number, of?: number): void;
  failed(error: unknown, next?: Action): void;
  done(times: readonly Timed[]): void;
  onCancel(cancel: () => void): void;
}

export function dock(): Dock {
  const ready = byId("ready", HTMLElement);
  const progress = byId("progress", HTMLElement);
  const failure = byId("failure", HTMLElement);
  const timeline = byId("timeline", HTMLElement);
  const show = (shown: HTMLElement, state: string) => {
    const parts = [ready, progress, failure, timeline];
    const focused = parts.some((part) => part !== shown && part.contains(document.activeElement));
    for (const part of parts) part.hidden = part !== shown;
    document.body.dataset.state = state;
    if (focused) passFocus(shown);
  };
  return {
    idle(text, next) {
      byId("ready-text", HTMLElement).textContent = text;
      offer("again", next);
      show(ready, "idle");
    },
    working(what, done, of) {
      show(progress, "working");
      byId("doing", HTMLElement).textContent = progressText(what, done, of);
      say(what);
      const share = byId("share", HTMLProgressElement);
      if (done !== undefined && of) share.value = Math.min(1, done / of);
      else share.removeAttribute("value");
    },
    failed(error, next) {
      tell(byId("failure-text", HTMLElement), explain(error));
      offer("retry", next);
      show(failure, "failed");
    },
    done(times) {
      draw(times);
      show(timeline, "done");
      say("Done");
    },
    onCancel(cancel) {
      byId("cancel", HTMLButtonElement).onclick = cancel;
      addEventListener("keydown", ({ key, defaultPrevented }) => {
        if (key === "Escape" && !defaultPrevented && !progress.hidden) cancel();
      });
    },
  };
}

function offer(id: string, next: Action | undefined): void {
  const button = byId(id, HTMLButtonElement);
  button.hidden = !next;
  button.textContent = next?.label ?? "";
  button.onclick = () => next?.go();
}

/** Who pressed a button that is gone now goes on at what came instead, or at the picture. */
function passFocus(shown: HTMLElement): void {
  const next = shown.querySelector<HTMLElement>("button:not([hidden])");
  (next ?? byId("split", HTMLElement)).focus({ preventScroll: true });
}

/** Tells a screen reader which step begins: not each of its megabytes, nor a video's every frame. */
function say(what: string): void {
  const said = byId("said", HTMLElement);
  const [step] = what.split(":");
  if (said.textContent !== step) said.textContent = step;
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
