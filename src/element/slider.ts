/** Percent that a key moves the slider by; arrows along the line of writing are in `arrow`. */
const STEPS: Readonly<Record<string, number>> = {
  ArrowUp: 1,
  ArrowDown: -1,
  PageUp: 10,
  PageDown: -10,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

/**
 * Makes an element a slider from 0 at the start of the line to 100 at its end, for pointers, touch and
 * keys; what it is called and where it stands is up to `move`.
 *
 * Source    WAI-ARIA Authoring Practices, slider pattern
 */
export function slide(track: HTMLElement, at: () => number, move: (to: number) => void): void {
  const to = (value: number) => move(Math.min(100, Math.max(0, value)));
  const reversed = () => getComputedStyle(track).direction === "rtl";
  const follow = ({ clientX }: PointerEvent) => {
    const { left, right, width } = track.getBoundingClientRect();
    to((100 * (reversed() ? right - clientX : clientX - left)) / width);
  };
  track.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    track.setPointerCapture(event.pointerId);
    track.focus({ preventScroll: true });
    follow(event);
  });
  track.addEventListener("pointermove", (event) => {
    if (track.hasPointerCapture(event.pointerId)) follow(event);
  });
  track.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const sideways = { ArrowRight: 1, ArrowLeft: -1 }[event.key] ?? 0;
    const step = STEPS[event.key] ?? (reversed() ? -sideways : sideways);
    if (step === 0) return;
    event.preventDefault();
    to(at() + (event.shiftKey ? 10 * step : step));
  });
}
