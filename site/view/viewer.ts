import { byId } from "../dom";
import { type Gestures, listen } from "./gestures";
import {
  around,
  entire,
  held,
  LARGEST_FIT,
  opening,
  type Place,
  type Size,
  seen,
  zoomed,
} from "./place";
import { type Split, splitter } from "./split";

type Box = Size & { readonly x: number; readonly y: number };

export interface Viewer {
  readonly before: HTMLCanvasElement;
  readonly after: HTMLCanvasElement;
  readonly size: Size;
  /** Makes room for a picture, whole or with `home` in the middle; `single` while there is no after. */
  open(size: Size, single: boolean, home?: Box): void;
  compare(on: boolean): void;
  /** Puts the line through the middle of a box. */
  divide(box: Box): void;
  lookAt(box: Box): void;
}

/** The picture before and after, one over the other, with the line between, zoom and pan. */
export function viewer(): Viewer {
  const viewport = byId("viewport", HTMLElement);
  const [before, after] = [byId("before", HTMLCanvasElement), byId("after", HTMLCanvasElement)];
  const placing = placer(viewport, after);
  const { put, view } = placing;
  listen(viewport, gesturesOn(placing));
  const divide = ({ x, width }: Box) => placing.divide(x + width / 2);
  return {
    before,
    after,
    get size() {
      return placing.picture;
    },
    open(size, single, home) {
      // on a phone it was chosen further down; where the picture is in sight nothing moves
      viewport.scrollIntoView({ block: "nearest" });
      placing.picture = size;
      for (const canvas of [before, after]) Object.assign(canvas, size);
      viewport.toggleAttribute("data-single", single);
      placing.home = () => (home ? opening(home, view(), size) : entire(view(), placing.picture));
      put(placing.home());
      if (home) divide(home);
    },
    compare: (on) => viewport.toggleAttribute("data-single", !on),
    divide,
    lookAt(box) {
      viewport.scrollIntoView({ block: "nearest" });
      put(around(box, view(), placing.picture));
      divide(box);
    },
  };
}

function gesturesOn(placing: Placing): Gestures {
  const { put, view } = placing;
  return {
    zoom(factor, at = { x: view().width / 2, y: view().height / 2 }) {
      put(zoomed(placing.place, factor, at, view(), placing.picture));
    },
    pan(dx, dy) {
      const { x, y, scale } = placing.place;
      put(held({ x: x + dx, y: y + dy, scale }, view(), placing.picture));
    },
    fit() {
      const column = placing.column();
      put(entire(view(), placing.picture));
      placing.divide(column);
    },
    whole: () => placing.lies === "whole",
    laid: () => placing.lies !== "free",
    split: (x) => placing.split.to(x),
  };
}

/** What a tag beside the line takes, in CSS pixels: where there is less room it would be cut off. */
const TAG = 92;

/** Two scales that differ less are the same, however they were computed. */
const NEARLY = 1.001;

interface Placing {
  picture: Size;
  place: Place;
  /** All of the picture in sight; as large as it was opened; otherwise. */
  lies: "whole" | "home" | "free";
  readonly split: Split;
  /** Where the picture lies when it is opened. */
  home(): Place;
  view(): Size;
  put(to: Place): void;
  /** The line's column of the picture. */
  column(): number;
  /** Moves the line to a column of the picture. */
  divide(column: number): void;
}

/** Moves the sheet, and cuts the after along the line. */
function placer(viewport: HTMLElement, after: HTMLElement): Placing {
  const sheet = byId("sheet", HTMLElement);
  const zoom = byId("zoom", HTMLOutputElement);
  const view = () => ({ width: viewport.clientWidth, height: viewport.clientHeight });
  const column = () => (placing.split.x() - placing.place.x) / placing.place.scale;
  const cut = () => {
    const share = column() / placing.picture.width;
    after.style.clipPath = `inset(0 0 0 ${100 * Math.min(1, Math.max(0, share))}%)`;
    const x = placing.split.x();
    viewport.toggleAttribute("data-no-before", x < TAG);
    viewport.toggleAttribute("data-no-after", x > view().width - TAG);
  };
  const placing: Placing = {
    picture: { width: 1, height: 1 },
    place: { x: 0, y: 0, scale: 1 },
    lies: "whole",
    split: splitter(() => seen(placing.place, view(), placing.picture), cut),
    home: () => entire(view(), placing.picture),
    view,
    put(place) {
      const { picture, split } = placing;
      placing.place = place;
      placing.lies = lying(place, entire(view(), picture), placing.home());
      sheet.style.transform = `translate(${place.x}px, ${place.y}px)`;
      sheet.style.width = `${picture.width * place.scale}px`;
      sheet.style.height = `${picture.height * place.scale}px`;
      const free = placing.lies === "free";
      viewport.toggleAttribute("data-zoomed", free);
      viewport.toggleAttribute("data-pixels", place.scale > LARGEST_FIT);
      zoom.value = `${Math.round(100 * place.scale)} %`;
      split.draw();
    },
    column,
    divide: (to) => placing.split.to(placing.place.x + to * placing.place.scale),
  };
  const resized = () => {
    const { lies, place, picture } = placing;
    if (lies === "whole") placing.put(entire(view(), picture));
    else placing.put(lies === "home" ? placing.home() : held(place, view(), picture));
  };
  new ResizeObserver(resized).observe(viewport);
  return placing;
}

function lying({ scale }: Place, whole: Place, home: Place): Placing["lies"] {
  if (scale <= whole.scale * NEARLY) return "whole";
  return scale < home.scale * NEARLY && scale * NEARLY > home.scale ? "home" : "free";
}
