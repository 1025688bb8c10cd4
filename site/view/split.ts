import { byId } from "../dom";

/** The line between before and after. It stays in sight: its share is one of what is seen. */
export interface Split {
  /** Its column of the viewport. */
  x(): number;
  /** Moves it to a column of the viewport. */
  to(x: number): void;
  /** Puts it where its share of what is seen is now. */
  draw(): void;
}

/** Per cent of what is seen that a key moves the line by. */
const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -2,
  ArrowDown: -2,
  ArrowRight: 2,
  ArrowUp: 2,
  PageDown: -10,
  PageUp: 10,
  Home: -100,
  End: 100,
};

/** `range` says which columns show some of the picture; `moved` is called when the line has moved. */
export function splitter(range: () => readonly [number, number], moved: () => void): Split {
  const handle = byId("split", HTMLElement);
  let share = 0.5;
  const x = () => {
    const [low, high] = range();
    return low + share * (high - low);
  };
  const draw = () => {
    handle.style.transform = `translateX(${x()}px)`;
    const percent = Math.round(100 * share);
    handle.setAttribute("aria-valuenow", `${percent}`);
    handle.setAttribute("aria-valuetext", `${percent} % before, ${100 - percent} % after`);
    moved();
  };
  const set = (to: number) => {
    share = Math.min(1, Math.max(0, to));
    draw();
  };
  const to = (column: number) => {
    const [low, high] = range();
    set((column - low) / Math.max(1, high - low));
  };
  handle.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey)
      return;
    event.preventDefault();
    event.stopPropagation();
    set(share + step / 100);
  });
  return { x, to, draw };
}
