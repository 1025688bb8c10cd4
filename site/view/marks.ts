import { byId, makeSvg } from "../dom";
import type { Size } from "./place";

type Box = Size & { readonly x: number; readonly y: number };

/** Grease-pencil rings around faces, drawn over the picture in its pixels. */
export interface Marks {
  draw(size: Size, boxes: readonly Box[]): void;
  /** Shows all rings, one of them, or none. */
  show(which: "all" | "none" | number): void;
  /** Shows all rings for a while. */
  flash(): void;
}

/** Room between a face's box and its ring, as a share of the box. */
const AIR = 0.22;
/** How long the rings around found faces stay, in milliseconds. */
const FLASH_MS = 2200;
/** Straight pieces of a ring: shorter than a pixel shows at any zoom. */
const STEPS = 120;

export function marks(): Marks {
  const svg = byId("marks", SVGSVGElement);
  const show = (which: "all" | "none" | number) => {
    for (const [i, path] of [...svg.children].entries())
      path.toggleAttribute("data-on", which === "all" || which === i);
  };
  return {
    draw({ width, height }, boxes) {
      svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
      svg.replaceChildren(...boxes.map((box) => makeSvg("path", { d: ring(box) })));
    },
    show,
    flash() {
      show("all");
      setTimeout(() => show("none"), FLASH_MS);
    },
  };
}

/** An ellipse as a hand draws it: not quite round, and past its beginning. */
function ring({ x, y, width, height }: Box): string {
  const [cx, cy] = [x + width / 2, y + height / 2];
  const [rx, ry] = [(width / 2) * (1 + 2 * AIR), (height / 2) * (1 + 2 * AIR)];
  const points = Array.from({ length: STEPS + 1 }, (_, i) => {
    const angle = -2.3 + (i / STEPS) * 2 * Math.PI * 1.06;
    const wander = 1 + 0.035 * Math.sin(1.7 * angle + 0.6) + (0.075 * i) / STEPS;
    const px = cx + rx * wander * Math.cos(angle);
    return `${px.toFixed(1)} ${(cy + ry * wander * Math.sin(angle)).toFixed(1)}`;
  });
  return `M${points.join("L")}`;
}
