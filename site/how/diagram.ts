import { make } from "../dom";
import type { Stage } from "./stages";

export interface Diagram {
  readonly root: HTMLElement;
  /** The figure of each stage by its id. */
  readonly figures: ReadonlyMap<string, HTMLElement>;
  canvas(id: string): HTMLCanvasElement | undefined;
}

/** The network as figures in a grid: the encoder goes down, the prior comes up, a row per resolution. */
export function diagram(stages: readonly Stage[], explain: (stage: Stage) => void): Diagram {
  const figures = new Map<string, HTMLElement>();
  const root = make("div", { className: "network" });
  const sides = [...new Set(stages.map(({ side }) => side))].sort((a, b) => b - a);
  for (const stage of stages) {
    const figure = make("button", { type: "button", className: `stage ${stage.kind}` });
    figure.id = `stage-${stage.id}`;
    figure.dataset.column = stage.column;
    figure.style.setProperty("--row", `${sides.indexOf(stage.side) + 1}`);
    figure.append(
      make("canvas", { width: 1, height: 1 }),
      make("span", { className: "stage-title" }, stage.title),
      make("span", { className: "stage-shape" }, stage.shape),
      make("span", { className: "stage-shape stage-note" }),
    );
    figure.dataset.lane = laneOf(stage);
    for (const event of ["pointerenter", "focus", "click"] as const)
      figure.addEventListener(event, () => explain(stage));
    figures.set(stage.id, figure);
    root.append(figure);
  }
  const canvas = (id: string) => figures.get(id)?.querySelector("canvas") ?? undefined;
  return { root, figures, canvas };
}

/** Which of the grid's columns: the prior has two layers per resolution. */
function laneOf({ id, column }: Stage): string {
  if (column === "up") {
    return /^(conv1|convs\.\d*[02468])$/.test(id) ? "up-a" : "up-b";
  }
  return column === "latent" ? `latent-${id}` : column;
}
