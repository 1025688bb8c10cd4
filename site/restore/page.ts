import { EMBEDDED_CONFIG, type Gpen } from "gpen-webgpu";
import { byId } from "../dom";
import { EMBEDDED, type Engine, type ModelChoice, openEngine } from "../engine";
import { explain, tell } from "../explain";
import { megabytes } from "../words";
import { type Bench, makeBench } from "./bench";
import { showDevice, showNoDevice } from "./device_panel";
import { EXAMPLES, type Example, exampleStrip, fetchExample } from "./examples";
import { inputs } from "./inputs";
import { fitting, type ModelPanel, modelPanel } from "./model_panel";
import { openPicture } from "./open_picture";
import { run } from "./run";
import { showStored } from "./stored";
import { watchLosses } from "./watch_losses";

/** The page that restores: what is opened goes to the network, and the result to the viewer. */
export async function restorePage(): Promise<Bench> {
  const bench = makeBench();
  const aligned = byId("aligned", HTMLInputElement);
  const choose = (choice: ModelChoice) => {
    bench.running?.abort();
    bench.engine?.choose(choice);
    model.show(choice);
    model.fits("");
    model.wrong(undefined);
    if (bench.opened) void start();
    else bench.dock.idle(`${choice.name} is read when a photo is opened.`);
  };
  const model = modelPanel(choose, () => device.then(() => bench.engine?.gpu));
  const device = openDevice(bench, model);
  const start = () => restoreOpened(bench, model, choose);
  const open = async (file: Blob, name: string, asAligned: boolean, caption = "") => {
    await device;
    if (!bench.engine) return wrong("Nothing can be restored here, because there is no WebGPU");
    const opened = await openPicture(file, name, asAligned).catch(wrong);
    if (!opened) return;
    wrong(undefined);
    aligned.checked = asAligned;
    byId("caption", HTMLElement).textContent = caption;
    bench.opened?.image.close();
    bench.opened = opened;
    await start();
  };
  bench.dock.onCancel(() => bench.running?.abort(new Error("Cancelled")));
  inputs((file) => void open(file, file.name, aligned.checked), wrong);
  exampleStrip((example) => void openExample(bench, example, open));
  aligned.onchange = () => {
    if (bench.opened) bench.opened = { ...bench.opened, aligned: aligned.checked };
    void start();
  };
  model.show(EMBEDDED);
  await Promise.all([showStored(bench, EXAMPLES[0]), device]);
  return bench;
}

async function restoreOpened(
  bench: Bench,
  model: ModelPanel,
  choose: (choice: ModelChoice) => void,
): Promise<void> {
  if (!bench.opened) return;
  await run(bench, bench.opened, {
    loaded: (engine) => loaded(engine, model),
    refused(error) {
      model.wrong(error);
      if (bench.engine?.choice.embedded) return undefined;
      return { label: "Use the embedded model", go: () => choose(EMBEDDED) };
    },
    faceless: () => ({
      label: "Take it as one face",
      go: () => byId("aligned", HTMLInputElement).click(),
    }),
  });
}

function wrong(error: unknown): undefined {
  tell(byId("open-wrong", HTMLElement), error === undefined ? undefined : explain(error));
}

async function openExample(
  bench: Bench,
  example: Example,
  open: (file: Blob, name: string, aligned: boolean, caption: string) => Promise<void>,
): Promise<void> {
  if (!bench.engine) return showStored(bench, example);
  const blob = await fetchExample(example).catch(wrong);
  if (!blob) return;
  await open(blob, example.file, example.aligned, example.credit);
}

function loaded(engine: Engine, panel: ModelPanel): void {
  panel.show(engine.choice, engine.loaded());
  panel.wrong(undefined);
  const model = engine.loaded();
  if (model) panel.fits(onDevice(model));
  showDevice(engine.gpu, engine.loaded());
}

function onDevice({ memory, precision, gpu }: Gpen): string {
  const bytes = megabytes(memory.weightBytes + memory.peakBytes);
  return `On ${gpu.name} as ${precision}, ${bytes} of its memory.`;
}

/** Opens the graphics card; without one the examples are still shown as they were stored. */
async function openDevice(bench: Bench, panel: ModelPanel): Promise<void> {
  try {
    const engine = await openEngine();
    bench.engine = engine;
    showDevice(engine.gpu);
    watchLosses(engine.gpu);
    const { videoButtons } = await import("./video");
    videoButtons(bench);
    panel.fits(await fitting(EMBEDDED_CONFIG, engine.gpu));
    const slow = engine.gpu.software ? " Without a graphics card it takes seconds." : "";
    bench.dock.idle(
      `Ready on ${engine.gpu.name}. The model, ${megabytes(EMBEDDED.bytes)}, is fetched when it is needed.${slow}`,
    );
  } catch (error) {
    document.body.toggleAttribute("data-no-gpu", true);
    showNoDevice(error);
    for (const id of ["choose", "model-open"]) byId(id, HTMLButtonElement).disabled = true;
    byId("aligned", HTMLInputElement).disabled = true;
    byId("lead", HTMLElement).textContent = advice();
    bench.dock.idle(
      "Stored results of the examples are shown; this browser cannot compute others.",
    );
  }
}

/** Browsers that have WebGPU by default, as of the end of 2025. */
function advice(): string {
  if (!isSecureContext) {
    return "This page was opened over plain http, where browsers give no WebGPU. Open it over https, or from localhost.";
  }
  return "This browser gives no WebGPU, which the network runs on. Use Chrome or Edge from 113 on, Safari from 26 on, or Firefox from 141 on (Windows, later also macOS); in Chrome on Linux, turn on chrome://flags/#enable-unsafe-webgpu.";
}
