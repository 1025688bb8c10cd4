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
  fit(): void;
}

/** The picture before and after, one over the other, with the line between, zoom and pan. */
export function viewer(onPlace: () => void = () => {}): Viewer {
  const viewport = byId("viewport", HTMLElement);
  const sheet = byId("sheet", HTMLElement);
  const [before, after] = [byId("before", HTMLCanvasElement), byId("after", HTMLCanvasElement)];
  let picture: Size = { width: 1, height: 1 };
  let place: Place = { x: 0, y: 0, scale: 1 };
  let whole = true;
  const view = () => ({ width: viewport.clientWidth, height: viewport.clientHeight });
  const split: Split = splitter(() => seen(place, view(), picture), cut);
  function cut() {
    const share = (split.x() - place.x) / (picture.width * place.scale);
    after.style.clipPath = `inset(0 0 0 ${100 * Math.min(1, Math.max(0, share))}%)`;
  }
  function put(to: Place) {
    place = to;
    const { scale } = entire(view(), picture);
    whole = place.scale <= scale * 1.001;
    sheet.style.transform = `translate(${place.x}px, ${place.y}px)`;
    sheet.style.width = `${picture.width * place.scale}px`;
    sheet.style.height = `${picture.height * place.scale}px`;
    viewport.toggleAttribute("data-zoomed", !whole);
    viewport.toggleAttribute("data-pixels", !whole && place.scale * devicePixelRatio > 6);
    byId("zoom", HTMLOutputElement).value = `${Math.round(100 * place.scale)} %`;
    split.draw();
    onPlace();
  }
  const gestures: Gestures = {
    zoom(factor, at = { x: view().width / 2, y: view().height / 2 }) {
      put(zoomed(place, factor, at, view(), picture));
    },
    pan(dx, dy) {
      put(held({ ...place, x: place.x + dx, y: place.y + dy }, view(), picture));
    },
    fit: () => put(entire(view(), picture)),
    whole: () => whole,
    split: (x) => split.to(x),
  };
  listen(viewport, gestures);
  new ResizeObserver(() =>
    put(whole ? entire(view(), picture) : held(place, view(), picture)),
  ).observe(viewport);
  return {
    before,
    after,
    get size() {
      return picture;
    },
    open(size, single) {
      picture = size;
      for (const canvas of [before, after]) Object.assign(canvas, size);
      viewport.toggleAttribute("data-single", single);
      gestures.fit();
    },
    compare: (on) => viewport.toggleAttribute("data-single", !on),
    lookAt: (box) => put(around(box, view(), picture)),
    fit: gestures.fit,
  };
}
