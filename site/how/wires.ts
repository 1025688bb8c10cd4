import { makeSvg } from "../dom";
import type { Diagram } from "./diagram";
import type { Stage } from "./stages";

type Kind = "flow" | "noise" | "style" | "rgb";

interface Wire {
  readonly from: string;
  readonly to: string;
  readonly kind: Kind;
}

/** What feeds what. */
export function wiresOf(stages: readonly Stage[]): Wire[] {
  const of = (column: Stage["column"]) => stages.filter((stage) => stage.column === column);
  const chain = (list: readonly Stage[], kind: Kind): Wire[] =>
    list.slice(1).map(({ id }, i) => ({ from: list[i].id, to: id, kind }));
  const [down, up, rgb] = [of("down"), of("up"), of("rgb")];
  const encoderAt = (side: number) =>
    down.find((stage) => stage.side === side && stage.id !== "input");
  const firstAt = (side: number) => up.find((stage) => stage.side === side);
  const noise = rgb.flatMap(({ side }): Wire[] => {
    const [from, to] = [encoderAt(side), firstAt(side)];
    return from && to ? [{ from: from.id, to: to.id, kind: "noise" }] : [];
  });
  const pictures = rgb.flatMap(({ id, side }): Wire[] => {
    const last = up.filter((stage) => stage.side === side).at(-1);
    return last ? [{ from: last.id, to: id, kind: "rgb" }] : [];
  });
  return [
    ...chain(down, "flow"),
    { from: down.at(-1)?.id ?? "", to: "z", kind: "flow" },
    { from: "z", to: "w", kind: "flow" },
    ...chain(up, "flow"),
    ...chain(rgb, "rgb"),
    ...noise,
    ...pictures,
    ...[...up, ...rgb].map(({ id }): Wire => ({ from: "w", to: id, kind: "style" })),
  ];
}

/** Draws the wires over the diagram, again whenever its size changes, and marks those of one stage. */
export function wires({ root, figures }: Diagram, list: readonly Wire[]) {
  const svg = makeSvg("svg", { class: "wires", "aria-hidden": "true" });
  root.prepend(svg);
  const paths = list.map((wire) => {
    const path = makeSvg("path", { class: `wire ${wire.kind}` });
    svg.append(path);
    return { wire, path };
  });
  const draw = () => {
    const home = root.getBoundingClientRect();
    svg.setAttribute("viewBox", `0 0 ${home.width} ${home.height}`);
    const phone = getComputedStyle(root).getPropertyValue("--flow").trim() === "rows";
    for (const { wire, path } of paths) {
      const [from, to] = [figures.get(wire.from), figures.get(wire.to)];
      if (!from || !to) continue;
      const [a, b] = [rect(from, home), rect(to, home)];
      path.setAttribute("d", phone ? inRows(a, b, wire.kind) : inGrid(a, b, wire.kind));
    }
  };
  new ResizeObserver(draw).observe(root);
  return {
    mark(id: string | undefined) {
      const near = new Set([id]);
      for (const { wire, path } of paths) {
        const on = wire.from === id || wire.to === id;
        path.toggleAttribute("data-on", on);
        if (on) near.add(wire.from).add(wire.to);
      }
      for (const [name, figure] of figures) figure.toggleAttribute("data-near", near.has(name));
    },
  };
}

interface Rect {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function rect(element: HTMLElement, home: DOMRect): Rect {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  return {
    left: left - home.left,
    right: right - home.left,
    top: top - home.top,
    bottom: bottom - home.top,
  };
}

const middle = (a: number, b: number) => (a + b) / 2;

/** Side by side and one above the other, as the paper draws it. */
function inGrid(a: Rect, b: Rect, kind: Kind): string {
  const [ax, ay] = [middle(a.left, a.right), middle(a.top, a.bottom)];
  const [bx, by] = [middle(b.left, b.right), middle(b.top, b.bottom)];
  if (kind === "style") {
    // one line up beside the prior, and a branch to each layer's lower edge
    const trunk = b.left - 14;
    return `M${ax} ${a.top}V${a.top - 14}H${trunk}V${b.bottom + 7}H${bx}V${b.bottom}`;
  }
  if (Math.abs(ay - by) < 8) {
    return ax < bx ? `M${a.right} ${ay}H${b.left}` : `M${a.left} ${ay}H${b.right}`;
  }
  const [from, to] = ay < by ? [a.bottom, b.top] : [a.top, b.bottom];
  if (ax > b.left && ax < b.right) return `M${ax} ${from}V${to}`;
  // from the end of one row to the beginning of the next
  return `M${ax} ${from}V${middle(from, to)}H${bx}V${to}`;
}

/** On a phone, stages stand three in a row; what jumps rows is drawn for the stage that is explained. */
function inRows(a: Rect, b: Rect, kind: Kind): string {
  if (kind === "flow" || kind === "rgb") return inGrid(a, b, kind);
  const [ax, bx] = [middle(a.left, a.right), middle(b.left, b.right)];
  const [from, to] = a.bottom < b.top ? [a.bottom, b.top] : [a.top, b.bottom];
  return `M${ax} ${from}C${ax} ${middle(from, to)} ${bx} ${middle(from, to)} ${bx} ${to}`;
}
