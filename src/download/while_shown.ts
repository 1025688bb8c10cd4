import { untilAborted } from "./abort";

/** Why work stopped that is begun anew when the page is shown again. */
export const LEFT = new Error("the page was put away");

/** Whether the page is put away, or ends: what it still begins may fail for that alone. */
export function isLeft(): boolean {
  return visit?.left.aborted ?? false;
}

interface Visit {
  /** Aborted when the page is put away. */
  readonly left: AbortSignal;
  /** Until it is shown again. */
  readonly back: Promise<void>;
}

let visit: Visit | undefined;

/**
 * Does work as long as the page is shown: its signal is aborted when the page ends or is put away for the
 * button "back", and it begins anew when the page is shown again. In between no timer or answer
 * reaches the page, but other pages would wait for what it holds. Workers hear of nothing.
 *
 * Source    HTML, section 7.4.6.2, "pagehide" and "pageshow"; pages that hold a lock are not frozen
 *           otherwise (Chrome's page lifecycle)
 */
export async function whileShown<T>(
  work: (left: AbortSignal) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  for (;;) {
    visit ??= begin();
    const { left, back } = visit;
    try {
      if (!left.aborted) return await work(left);
    } catch (error) {
      if (!left.aborted || signal?.aborted) throw error;
    }
    await untilAborted(back, signal);
  }
}

function begin(): Visit {
  const left = new AbortController();
  const back = new Promise<void>((done) => {
    const show = () => {
      visit = begin();
      done();
    };
    const hide = () => {
      left.abort(LEFT);
      removeEventListener("pagehide", hide);
      addEventListener("pageshow", show, { once: true });
    };
    globalThis.addEventListener?.("pagehide", hide); // not in Node
  });
  return { left: left.signal, back };
}
