import type { Picture } from "gpen-webgpu";
import { byId, make, paint } from "../dom";
import { count } from "../words";
import type { Box, Restoration } from "./restoration";

/** The faces as on a contact sheet: before and after, switched on and off, and found in the picture. */
export interface ContactSheet {
  /** Shows the faces of a result. */
  fill(restoration: Restoration | undefined): void;
  /** Keeps the room of one row of faces. */
  wait(): void;
  /** Indices of the faces that are switched on. */
  chosen(): number[];
}

export interface ContactSheetOptions {
  readonly onChange: () => void;
  readonly onOpen: (box: Box) => void;
  /** A face is pointed at, or none is. */
  readonly onPoint: (face: number | undefined) => void;
}

export function contactSheet(options: ContactSheetOptions): ContactSheet {
  const section = byId("faces", HTMLElement);
  const list = byId("contact", HTMLElement);
  const note = byId("faces-note", HTMLElement);
  let boxes: HTMLInputElement[] = [];
  return {
    wait() {
      boxes = [];
      section.hidden = false;
      list.replaceChildren(emptyFrame());
      note.textContent = "Each face appears here before and after, to be looked at or left out.";
    },
    fill(restoration) {
      boxes = [];
      const faces = restoration?.faces ?? [];
      section.hidden = faces.length === 0;
      list.replaceChildren(
        ...faces.map(({ box, aligned, restored }, i) => {
          const check = make("input", { type: "checkbox", checked: true });
          boxes.push(check);
          return frame(i, box, [aligned, restored], check, options);
        }),
      );
      const which = faces.length === 1 ? "it" : "one";
      note.textContent = `${count(faces.length, "face")} found. Press ${which} to look closer, untick it to leave it as it was.`;
    },
    chosen: () => boxes.flatMap((box, i) => (box.checked ? [i] : [])),
  };
}

function emptyFrame(): HTMLLIElement {
  const label = make("span", { className: "check" });
  const item = make(
    "li",
    { ariaHidden: "true" },
    make("div", { className: "frame" }, make("canvas"), make("canvas")),
    label,
  );
  return item;
}

function frame(
  i: number,
  box: Box,
  pictures: readonly Picture[],
  check: HTMLInputElement,
  { onChange, onOpen, onPoint }: ContactSheetOptions,
): HTMLLIElement {
  const look = make("button", { type: "button", className: "frame" }, ...pictures.map(canvasOf));
  look.setAttribute("aria-label", `Look at face ${i + 1}, before and after`);
  look.onclick = () => onOpen(box);
  const size = make("small", {}, `${Math.round(box.width)} px`);
  const label = make("label", { className: "check" }, check, ` Face ${i + 1}`, size);
  const item = make("li", {}, look, label);
  check.onchange = () => {
    item.toggleAttribute("data-off", !check.checked);
    onChange();
  };
  item.onpointerenter = () => onPoint(i);
  item.onpointerleave = () => onPoint(undefined);
  item.addEventListener("focusin", () => onPoint(i));
  item.addEventListener("focusout", () => onPoint(undefined));
  return item;
}

export function canvasOf(picture: Picture): HTMLCanvasElement {
  const { data, width, height } = picture;
  const canvas = make("canvas", { width, height });
  paint(canvas).putImageData(new ImageData(data, width, height), 0, 0);
  return canvas;
}
