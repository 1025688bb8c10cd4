import type { Texts } from "./view";

/** What the picture depends on; the rest is how it is shown. */
export const INPUTS = ["src", "model", "photo"] as const;
const STRINGS = [...INPUTS, "loading", "alt", "label"] as const;
const PHASES = [
  "Downloading",
  "Preparing",
  "Finding faces",
  "Restoring",
  "Restored",
  "No face found",
];
const NUMBERS = { strength: 1, value: 50 };

export const OBSERVED: readonly string[] = [
  ...[...STRINGS, "label-before", "label-after", "phases"],
  ...Object.keys(NUMBERS),
];

/** Properties of the attributes' names. */
export type Reflected = { [name in (typeof STRINGS)[number]]: string } & {
  [name in keyof typeof NUMBERS]: number;
};

export function reflect(prototype: HTMLElement): void {
  const define = (name: string, read: (text: string | null) => unknown) =>
    Object.defineProperty(prototype, name, {
      get(this: HTMLElement) {
        return read(this.getAttribute(name));
      },
      set(this: HTMLElement, value: unknown) {
        this.setAttribute(name, `${value}`);
      },
      configurable: true,
      enumerable: true,
    });
  for (const name of STRINGS) define(name, (text) => text ?? "");
  for (const [name, usual] of Object.entries(NUMBERS))
    define(name, (text) => Number(text?.trim() || usual));
}

/** Properties that were set before the element was defined hide those of its class until now. */
export function unhide(element: HTMLElement): void {
  for (const name of OBSERVED) {
    const own = Object.getOwnPropertyDescriptor(element, name);
    if (!own) continue;
    Reflect.deleteProperty(element, name);
    Reflect.set(element, name, own.value);
  }
}

/** What the element says; words that it was not given are English. */
export function textsOf(element: HTMLElement): Texts {
  const text = (name: string, english: string) => element.getAttribute(name) || english;
  const phases = text("phases", "").split(",");
  return {
    alt: text("alt", ""),
    label: text("label", "Compare before and after"),
    before: text("label-before", "Before"),
    after: text("label-after", "After"),
    phases: PHASES.map((phase, i) => phases[i]?.trim() || phase),
  };
}
