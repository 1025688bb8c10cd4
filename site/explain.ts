import { GpuError, ShapeError, WeightsError } from "gpen-webgpu";
import { make } from "./dom";
import { sentence } from "./words";

/** What a visitor can do about it; `detail` is what the library says, for those who know more. */
export interface Explained {
  readonly text: string;
  readonly detail?: string;
}

/** An error in a visitor's words. What the page itself throws is in such words already. */
export function explain(error: unknown): Explained {
  const kind = KINDS.find(([kind]) => error instanceof kind);
  return kind ? { text: kind[1], detail: sentence(error) } : { text: sentence(error) };
}

const KINDS: readonly (readonly [new () => Error, string])[] = [
  [
    WeightsError,
    "This model cannot be used. It may be damaged, or no GPEN; try again, or choose another file (.safetensors, .pth or .onnx).",
  ],
  [GpuError, "The graphics card could not do this. Close other tabs that use it, and try again."],
  [ShapeError, "This picture cannot be restored as it is; try another one."],
];

/** Shows an error in an element, its detail in small type below; undefined takes it away. */
export function tell(element: HTMLElement, explained: Explained | undefined): void {
  element.hidden = explained === undefined;
  const { text = "", detail } = explained ?? {};
  element.replaceChildren(make("span", {}, text));
  if (detail) element.append(make("small", { className: "detail" }, detail));
}
