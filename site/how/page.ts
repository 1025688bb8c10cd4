import { EMBEDDED_CONFIG, type Gpen, type GpenConfig, type Picture } from "gpen-webgpu";
import { byId, make, paint } from "../dom";
import { type Engine, importers } from "../engine";
import { explain, tell } from "../explain";
import type { Bench } from "../restore/bench";
import { canvasOf } from "../restore/contact_sheet";
import { type Activation, activations } from "./activations";
import { type Diagram, diagram } from "./diagram";
import { drawMaps, drawPicture, drawVector } from "./draw_maps";
import { pictureOf, resized, storedResult } from "./faces";
import { type Stage, stagesOf } from "./stages";
import { wires, wiresOf } from "./wires";

const LEAD =
  "GPEN joins two networks. An encoder goes down the left side and finds out which face this may be; a generator that has learned what faces look like comes up on the right and paints one, at every size held to what the encoder saw.";

const NUMBERS = " These are its numbers for your picture, read from the device.";

let running: AbortController | undefined;

/** Draws the page for what the bench holds: its first face, or the example's. */
export async function howPage(bench: Bench): Promise<void> {
  const status = make("p", { className: "small soft how-status" });
  status.setAttribute("role", "status");
  const open = (config: GpenConfig) => build(config, status, bench, (face) => void fill(face));
  let drawn = open(bench.engine?.loaded()?.config ?? EMBEDDED_CONFIG);
  const fill = async (face: number) => {
    running?.abort();
    running = new AbortController();
    const { signal } = running;
    const say = (what: string) => {
      if (!signal.aborted) status.textContent = what;
    };
    delete byId("how", HTMLElement).dataset.drawn;
    drawn.choose(face);
    try {
      const picture = await pictureOf(bench, face);
      show(drawn, "input", resized(picture, drawn.config.inSize));
      const { engine } = bench;
      if (!engine) {
        await showStoredResult(drawn);
        return say(
          "Without WebGPU this is the network alone, between a face and the stored result of it.",
        );
      }
      const model = await engine.model((what) => say(`${what} …`), signal, []);
      if (model.config.outSize !== drawn.config.outSize) drawn = open(model.config);
      drawn.choose(face);
      say("Running every layer once, and reading what it computes …");
      await fillIn(drawn, engine, model, picture, signal);
      say("Point at a stage, tap it, or move to it with the tab key.");
    } catch (error) {
      if (!signal.aborted) tell(status, explain(error));
    }
  };
  await fill(0);
}

/** Runs the model on the face, and draws every stage as it is read. */
async function fillIn(
  page: Page,
  { choice }: Engine,
  model: Gpen,
  face: Picture,
  signal: AbortSignal,
): Promise<void> {
  const input = resized(face, model.config.inSize);
  show(page, "input", input);
  const formats = choice.embedded ? [] : await importers();
  const take = (name: string, activation: Activation) => draw(page, name, activation, model.config);
  await activations(model, choice.source, formats, input, take, signal);
  byId("how", HTMLElement).dataset.drawn = "true";
}

interface Page extends Diagram {
  readonly config: GpenConfig;
  /** Marks the face that is drawn. */
  choose(face: number): void;
}

function build(
  config: GpenConfig,
  status: HTMLElement,
  bench: Bench,
  choose: (face: number) => void,
): Page {
  const stages = stagesOf(config);
  const text = make("p", { className: "explain-text" });
  const explained = make("div", { className: "explain" }, text);
  const explain = (stage: Stage) => {
    const note = made.figures.get(stage.id)?.querySelector(".stage-note")?.textContent;
    const shape = note ? `${stage.shape}, ${note}` : stage.shape;
    text.replaceChildren(make("strong", {}, stage.title), ` ${shape}. ${stage.text}`);
    lines.mark(stage.id);
  };
  const made = diagram(stages, explain);
  const lines = wires(made, wiresOf(stages));
  const faces = make("div", { className: "how-faces" });
  const known = bench.restoration?.faces ?? [];
  if (known.length > 1) {
    faces.append(
      ...known.map(({ aligned }, i) => {
        const button = make(
          "button",
          { type: "button", onclick: () => choose(i) },
          canvasOf(aligned),
        );
        button.setAttribute("aria-label", `Draw face ${i + 1}`);
        return button;
      }),
    );
  }
  made.root.prepend(
    make(
      "header",
      {},
      make("h1", {}, "How it works"),
      make("p", {}, LEAD, bench.engine ? NUMBERS : ""),
      key(),
      faces,
      status,
    ),
  );
  text.append(
    bench.engine
      ? "Each figure shows the sixteen liveliest of a layer's channels, each from dark to bright."
      : "Point at a stage, tap it, or move to it with the tab key.",
  );
  byId("how", HTMLElement).replaceChildren(made.root, explained);
  return {
    ...made,
    config,
    choose(face) {
      for (const [i, button] of [...faces.children].entries())
        button.setAttribute("aria-pressed", `${i === face}`);
    },
  };
}

function key(): HTMLElement {
  const entry = (kind: string, text: string) =>
    make("li", {}, make("i", { className: kind }), text);
  return make(
    "ul",
    { className: "key small" },
    entry("flow", "what the next layer reads"),
    entry("noise", "the encoder's maps, laid beside the prior's"),
    entry("style", "w, which scales the channels of every layer"),
    entry("rgb", "pictures, added up"),
  );
}

/** Where nothing can be computed: the first and the last picture, and no frames for what lies between. */
async function showStoredResult(page: Page): Promise<void> {
  show(page, `rgb${page.config.outSize}`, await storedResult());
  page.root.toggleAttribute("data-still", true);
}

function show({ canvas }: Diagram, id: string, { data, width, height }: Picture): void {
  const target = canvas(id);
  if (!target) return;
  Object.assign(target, { width, height });
  target.toggleAttribute("data-picture", true);
  paint(target).putImageData(new ImageData(data, width, height), 0, 0);
}

/** The grease pencil's red, as the latents' cells have it in both themes. */
const RED = [214, 64, 38] as const;

function draw(
  { canvas, figures }: Diagram,
  name: string,
  activation: Activation,
  config: GpenConfig,
): void {
  const target = canvas(name);
  if (!target) return;
  if (activation.shape.length === 2) drawVector(target, activation, RED);
  else if (name.startsWith("rgb")) {
    const contrast = drawPicture(target, activation, config.normalise);
    const note = figures.get(name)?.querySelector(".stage-note");
    if (note && contrast > 1) note.textContent = `contrast × ${contrast}`;
  } else drawMaps(target, activation);
}
