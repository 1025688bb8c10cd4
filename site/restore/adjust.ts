import { byId } from "../dom";

/** Strength and colour: read at any time, and `onChange` when either moves. */
export function adjust(onChange: () => void): {
  values(): { readonly strength: number; readonly keepColour: boolean };
  show(on: boolean): void;
} {
  const strength = byId("strength", HTMLInputElement);
  const colour = byId("colour", HTMLInputElement);
  const value = byId("strength-value", HTMLOutputElement);
  const changed = () => {
    value.value = `${strength.value} %`;
    onChange();
  };
  strength.oninput = changed;
  colour.onchange = changed;
  return {
    values: () => ({ strength: strength.valueAsNumber / 100, keepColour: colour.checked }),
    show(on) {
      byId("adjust", HTMLElement).hidden = !on;
    },
  };
}
