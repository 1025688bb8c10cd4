/** The element with this id. Throws Error if the page has none, or one of another kind. */
export function byId<T extends Element>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`page: there is no ${kind.name} with the id ${id}; add it to index.html`);
}

/** Whether a part of the panel is not there, keeps its room until there is a result, or can be used. */
export type Readiness = "away" | "waiting" | "ready";

/** Shows a part of the panel as far as it is ready; what is in its fieldsets waits with it. */
export function setReadiness(part: HTMLElement, readiness: Readiness): void {
  part.hidden = readiness === "away";
  for (const fields of part.querySelectorAll("fieldset")) fields.disabled = readiness !== "ready";
}

type Child = Node | string;

/** A new element with properties and children. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** A new SVG element with attributes and children. */
export function makeSvg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | number>>,
  ...children: Child[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, `${value}`);
  element.append(...children);
  return element;
}

/** A canvas's 2D context. Throws Error where the browser gives none. */
export function paint(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext("2d");
  if (context) return context;
  throw new Error("page: the browser gives no 2D canvas; it may lack memory, so close other tabs");
}
