import { type Gpen, WeightsError } from "gpen-webgpu";
import type { Engine, OnStep, Timed } from "../engine";
import { restoreAligned } from "./aligned";
import type { Bench } from "./bench";
import type { Action } from "./dock";
import type { Opened } from "./open_picture";
import type { Restoration, Work } from "./restoration";
import { watchLosses } from "./watch_losses";

/**
 * Restores what is opened, by way of whatever has to be loaded first; later calls end earlier ones.
 * `refused` says what else can be done about weights that are not a model.
 */
export async function run(
  bench: Bench,
  opened: Opened,
  on: {
    loaded(engine: Engine): void;
    refused(error: WeightsError): Action | undefined;
    faceless(): Action;
  },
): Promise<void> {
  const { engine, dock } = bench;
  if (!engine) return;
  bench.running?.abort();
  const running = new AbortController();
  bench.running = running;
  const { signal } = running;
  bench.opened = opened;
  bench.lay(opened);
  const onStep: OnStep = (...step) => signal.aborted || dock.working(...step);
  const times: Timed[] = [];
  try {
    onStep("Starting");
    const model = await engine.model(onStep, signal, times);
    on.loaded(engine);
    watchLosses(engine.gpu);
    const restoration = await restoreOpened(engine, model, opened, { onStep, signal, times });
    watchLosses(engine.gpu);
    if (signal.aborted) {
      restoration.dispose();
      signal.throwIfAborted();
    }
    const begun = performance.now();
    await bench.present(restoration);
    times.push({ name: "Paste", ms: performance.now() - begun });
    if (bench.running !== running) return;
    if (restoration.faces.length) dock.done(times);
    else dock.idle("No face was found; the photo stays as it is.", on.faceless());
  } catch (error) {
    if (bench.running !== running) return;
    bench.settle();
    const again = (label: string) => ({ label, go: () => void run(bench, opened, on) });
    const left = bench.restoration ? "The result before it stays." : "Nothing was kept of it.";
    if (signal.aborted) return dock.idle(`Cancelled. ${left}`, again("Restore it"));
    const other = error instanceof WeightsError ? on.refused(error) : undefined;
    dock.failed(error, other ?? again("Try again"));
  }
}

async function restoreOpened(
  engine: Engine,
  model: Gpen,
  opened: Opened,
  work: Work,
): Promise<Restoration> {
  if (opened.aligned) return restoreAligned(model, opened.image, work);
  const detector = await engine.detector("photo", work.onStep, work.signal, work.times);
  const { restoreWhole } = await import("./whole");
  return restoreWhole(model, detector, opened.image, work);
}
