import { byId } from "../dom";

interface Spot {
  readonly x: number;
  readonly y: number;
}

/** What fingers, wheels, keys and buttons ask the viewer for. Spots are in CSS pixels of the viewport. */
export interface Gestures {
  zoom(factor: number, at?: Spot): void;
  pan(dx: number, dy: number): void;
  fit(): void;
  /** Whether all of the picture is in sight. */
  whole(): boolean;
  /** Whether the picture lies as it was opened: a pointer then moves the line. */
  laid(): boolean;
  split(x: number): void;
}

const KEY_ZOOM = 1.25;
const KEY_PAN = 60;

export function listen(viewport: HTMLElement, gestures: Gestures): void {
  pointers(viewport, gestures);
  wheel(viewport, gestures);
  keys(viewport, gestures);
  byId("zoom-in", HTMLButtonElement).onclick = () => gestures.zoom(KEY_ZOOM ** 2);
  byId("zoom-out", HTMLButtonElement).onclick = () => gestures.zoom(KEY_ZOOM ** -2);
  byId("zoom-fit", HTMLButtonElement).onclick = () => gestures.fit();
}

/** One pointer moves the line, or the picture where it is zoomed in; two zoom and move. */
function pointers(viewport: HTMLElement, gestures: Gestures): void {
  const down = new Map<number, Spot>();
  let line = false;
  const spot = (event: PointerEvent): Spot => {
    const { left, top } = viewport.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  viewport.addEventListener("pointerdown", (event) => {
    const target = event.target as Element;
    if (event.button !== 0 || target.closest(".tools")) return;
    line = down.size === 0 && (target.closest(".split") !== null || gestures.laid());
    down.set(event.pointerId, spot(event));
    viewport.setPointerCapture(event.pointerId);
    if (line && event.pointerType === "mouse") gestures.split(spot(event).x);
  });
  viewport.addEventListener("pointermove", (event) => {
    const from = down.get(event.pointerId);
    if (!from) return;
    const to = spot(event);
    if (down.size === 2) pinch(from, to, other(down, event.pointerId), gestures);
    else if (line) gestures.split(to.x);
    else gestures.pan(to.x - from.x, to.y - from.y);
    down.set(event.pointerId, to);
  });
  for (const end of ["pointerup", "pointercancel"] as const) {
    viewport.addEventListener(end, (event) => down.delete(event.pointerId));
  }
  viewport.addEventListener("dblclick", (event) => {
    if ((event.target as Element).closest(".tools, .split")) return;
    const { left, top } = viewport.getBoundingClientRect();
    const at = { x: event.clientX - left, y: event.clientY - top };
    if (gestures.whole()) gestures.zoom(3, at);
    else gestures.fit();
  });
}

function other(down: ReadonlyMap<number, Spot>, id: number): Spot {
  for (const [key, spot] of down) if (key !== id) return spot;
  return { x: 0, y: 0 };
}

function pinch(from: Spot, to: Spot, still: Spot, gestures: Gestures): void {
  const distance = (spot: Spot) => Math.max(8, Math.hypot(spot.x - still.x, spot.y - still.y));
  const middle = { x: (to.x + still.x) / 2, y: (to.y + still.y) / 2 };
  gestures.pan((to.x - from.x) / 2, (to.y - from.y) / 2);
  gestures.zoom(distance(to) / distance(from), middle);
}

function wheel(viewport: HTMLElement, gestures: Gestures): void {
  viewport.addEventListener(
    "wheel",
    (event) => {
      // A page that scrolls past the picture must not get stuck on it: out of the whole there is no zoom.
      if (gestures.whole() && event.deltaY > 0 && !event.ctrlKey) return;
      event.preventDefault();
      const { left, top } = viewport.getBoundingClientRect();
      // Trackpads pinch as wheel events with ctrl and small steps; lines are some 16 pixels.
      const pixels = event.deltaY * (event.deltaMode === 1 ? 16 : 1) * (event.ctrlKey ? 6 : 1);
      const factor = 2 ** (-Math.max(-240, Math.min(240, pixels)) / 300);
      gestures.zoom(factor, { x: event.clientX - left, y: event.clientY - top });
    },
    { passive: false },
  );
}

function keys(viewport: HTMLElement, gestures: Gestures): void {
  const actions: Readonly<Record<string, () => void>> = {
    "+": () => gestures.zoom(KEY_ZOOM),
    "=": () => gestures.zoom(KEY_ZOOM),
    "-": () => gestures.zoom(1 / KEY_ZOOM),
    "0": () => gestures.fit(),
    Escape: () => gestures.fit(),
  };
  const moves: Readonly<Record<string, readonly [number, number]>> = {
    ArrowLeft: [KEY_PAN, 0],
    ArrowRight: [-KEY_PAN, 0],
    ArrowUp: [0, KEY_PAN],
    ArrowDown: [0, -KEY_PAN],
  };
  viewport.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const move = moves[event.key];
    const action = move ? () => gestures.pan(...move) : actions[event.key];
    if (!action || (move && gestures.whole()) || (event.key === "Escape" && gestures.laid()))
      return;
    event.preventDefault();
    action();
  });
}
