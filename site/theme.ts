import { byId } from "./dom";

/** The button that switches between light and dark; what the system prefers stands until it is pressed. */
export function themeButton(): void {
  const button = byId("theme", HTMLButtonElement);
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const dark = () => (root.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";
  const say = () => button.setAttribute("aria-pressed", `${dark()}`);
  button.addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    try {
      localStorage.setItem("theme", root.dataset.theme);
    } catch {
      // a page that may not store anything keeps the theme until it is left
    }
    say();
  });
  system.addEventListener("change", say);
  say();
}
