import { styleSheet } from "./style";

/** What the shadow tree is made of. */
export interface Parts {
  readonly frame: HTMLElement;
  readonly image: HTMLImageElement;
  readonly canvas: HTMLCanvasElement;
  readonly before: HTMLElement;
  readonly after: HTMLElement;
  readonly slider: HTMLElement;
  readonly loading: HTMLElement;
  readonly phase: HTMLElement;
  readonly track: HTMLElement;
  readonly error: HTMLElement;
  readonly sentence: HTMLElement;
  /** What a screen reader says when it changes. */
  readonly spoken: HTMLElement;
}

/** Fills the shadow root. Nodes are made one by one: pages may forbid markup from strings. */
export function makeParts(root: ShadowRoot): Parts {
  root.adoptedStyleSheets = [styleSheet()];
  const image = node("img", { part: "picture before" });
  const canvas = node("canvas", { part: "picture after", "aria-hidden": "true" });
  const before = node("span", { class: "badge", part: "badge" });
  const after = node("span", { class: "badge", part: "badge" });
  const handle = node("div", { class: "handle", part: "handle" });
  const range = { "aria-valuemin": "0", "aria-valuemax": "100" };
  const slider = node(
    "div",
    { class: "slider", part: "slider", role: "slider", tabindex: "0", ...range },
    handle,
  );
  const phase = node("span", { class: "pill", part: "phase" });
  const bar = node("div", { class: "bar", part: "bar" });
  const track = node("div", { class: "track", role: "progressbar", part: "progress" }, bar);
  const slot = node("slot", { name: "loading" }, phase, track);
  const loading = node("div", { class: "loading" }, slot);
  const sentence = node("span", {});
  const instead = node("slot", { name: "error" }, sentence);
  const error = node("div", { class: "error", part: "error", role: "alert" }, instead);
  const spoken = node("div", { class: "spoken", role: "status" });
  const sides = [before, after].map((badge) =>
    node("div", { class: "side", "aria-hidden": "true" }, badge),
  );
  const frame = node(
    "div",
    { class: "frame", part: "frame" },
    ...[image, canvas, ...sides, slider, loading],
  );
  root.append(frame, error, spoken);
  const readable = { before, after, slider, loading, phase, track, error, sentence, spoken };
  return { frame, image, canvas, ...readable };
}

function node<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string>>,
  ...children: Node[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}
