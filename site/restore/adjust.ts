import { byId, type Readiness, setReadiness } from "../dom";

/** Strength and colour: read at any time, and `onChange` when either moves. */
export function adjust(onChange: () => void): {
  values(): { readonly strength: number; readonly keepColour: boolean };
  show(readiness: Readiness): void;
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
    show: (readiness) => setReadiness(byId("adjust", HTMLElement), readiness),
  };
}
