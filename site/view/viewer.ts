import { byId } from "../dom";
import { type Gestures, listen } from "./gestures";
import { around, entire, held, type Place, type Size, seen, zoomed } from "./place";
import { type Split, splitter } from "./split";

export interface Viewer {
  readonly before: HTMLCanvasElement;
  readonly after: HTMLCanvasElement;
  readonly size: Size;
  /** Makes room for a picture and shows it whole; `single` while there is no after. */
  open(size: Size, single: boolean): void;
  compare(on: boolean): void;
  lookAt(box: Size & { readonly x: number; readonly y: number }): void;
}

/** The picture before and after, one over the other, with the line between, zoom and pan. */
export function viewer(): Viewer {
  const viewport = byId("viewport", HTMLElement);
  const [before, after] = [byId("before", HTMLCanvasElement), byId("after", HTMLCanvasElement)];
  const placing = placer(viewport, after);
  const { put, view } = placing;
  const gestures: Gestures = {
    zoom(factor, at = { x: view().width / 2, y: view().height / 2 }) {
      put(zoomed(placing.place, factor, at, view(), placing.picture));
    },
    pan(dx, dy) {
      const { x, y, scale } = placing.place;
      put(held({ x: x + dx, y: y + dy, scale }, view(), placing.picture));
    },
    fit: () => put(entire(view(), placing.picture)),
    whole: () => placing.whole,
    split: (x) => placing.split.to(x),
  };
  listen(viewport, gestures);
  new ResizeObserver(() => (placing.whole ? gestures.fit() : gestures.pan(0, 0))).observe(viewport);
  return {
    before,
    after,
    get size() {
      return placing.picture;
    },
    open(size, single) {
      // on a phone it was chosen further down; where the picture is in sight nothing moves
      viewport.scrollIntoView({ block: "nearest" });
      placing.picture = size;
      for (const canvas of [before, after]) Object.assign(canvas, size);
      viewport.toggleAttribute("data-single", single);
      gestures.fit();
    },
    compare: (on) => viewport.toggleAttribute("data-single", !on),
    lookAt(box) {
      viewport.scrollIntoView({ block: "nearest" });
      put(around(box, view(), placing.picture));
    },
  };
}

interface Placing {
  picture: Size;
  place: Place;
  /** Whether all of the picture is in sight. */
  whole: boolean;
  readonly split: Split;
  view(): Size;
  put(to: Place): void;
}

/** Moves the sheet, and cuts the after along the line. */
function placer(viewport: HTMLElement, after: HTMLElement): Placing {
  const sheet = byId("sheet", HTMLElement);
  const zoom = byId("zoom", HTMLOutputElement);
  const view = () => ({ width: viewport.clientWidth, height: viewport.clientHeight });
  const cut = () => {
    const { place, picture, split } = placing;
    const share = (split.x() - place.x) / (picture.width * place.scale);
    after.style.clipPath = `inset(0 0 0 ${100 * Math.min(1, Math.max(0, share))}%)`;
  };
  const placing: Placing = {
    picture: { width: 1, height: 1 },
    place: { x: 0, y: 0, scale: 1 },
    whole: true,
    split: splitter(() => seen(placing.place, view(), placing.picture), cut),
    view,
    put(place) {
      const { picture, split } = placing;
      placing.place = place;
      placing.whole = place.scale <= entire(view(), picture).scale * 1.001;
      sheet.style.transform = `translate(${place.x}px, ${place.y}px)`;
      sheet.style.width = `${picture.width * place.scale}px`;
      sheet.style.height = `${picture.height * place.scale}px`;
      viewport.toggleAttribute("data-zoomed", !placing.whole);
      const large = place.scale * devicePixelRatio > 6;
      viewport.toggleAttribute("data-pixels", !placing.whole && large);
      zoom.value = `${Math.round(100 * place.scale)} %`;
      split.draw();
    },
  };
  return placing;
}
