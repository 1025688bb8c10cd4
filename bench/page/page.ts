import "../report/palette.css";
import "../report/page.css";
import "../report/table.css";
import "./page.css";
import { openGpu } from "../../src/gpu/open";
import type { BenchResult } from "../result";
import { fillForm, readForm } from "./form";
import { measurePage, type PageRun } from "./measure";
import { DEFAULTS, optionsOf, type PageOptions, queryOf } from "./options";
import { showRun } from "./results";

declare const __GPEN_COMMIT__: string;

declare global {
  /** For scripts that drive the page: what it has measured since it was opened or last run. */
  var gpenBench: {
    /** Whether an adapter was found and Run can be pressed. */
    ready?: boolean;
    /** What is being measured. */
    doing?: string;
    run?: PageRun;
    failure?: string;
  };
}
globalThis.gpenBench = {};

const find = <Type extends HTMLElement>(id: string) => document.getElementById(id) as Type;
const form = find<HTMLFormElement>("options");
const [run, stop, save] = ["run", "stop", "save"].map((id) => find<HTMLButtonElement>(id));
const [progress, doing, failure] = ["progress", "doing", "failure"].map((id) => find(id));
const spent = find("spent");
const share = find<HTMLProgressElement>("share");

let link: PageOptions = DEFAULTS;
let stopping = new AbortController();

function fail(error: unknown): void {
  const message = String((error as Error)?.message ?? error);
  failure.textContent = message;
  failure.hidden = false;
  gpenBench.failure = message;
}

async function nameAdapter(): Promise<void> {
  const gpu = await openGpu({ powerPreference: "high-performance" });
  const half = gpu.f16 ? "stores f16" : "has no f16";
  find("adapter").textContent = gpu.software
    ? `${gpu.name}: a CPU that stands in for a graphics card; GPEN-256 takes minutes here.`
    : `${gpu.name}, ${half}`;
  gpu.dispose();
  gpenBench.ready = true;
}

async function measure(): Promise<void> {
  failure.hidden = true;
  gpenBench = {};
  stopping = new AbortController();
  const tick = showTime(performance.now());
  try {
    const options = readForm(form, link); // before the fields are disabled, which empties them
    setRunning(true);
    history.replaceState(null, "", `?${queryOf(options)}`);
    gpenBench.run = await measurePage(options, __GPEN_COMMIT__, {
      signal: stopping.signal,
      say: (line, done) => {
        share.value = done;
        gpenBench.doing = line;
        doing.textContent = line;
      },
    });
    await showRun(find("results"), gpenBench.run);
    save.hidden = false;
  } catch (error) {
    if (!stopping.signal.aborted) fail(error);
  } finally {
    clearInterval(tick);
    setRunning(false);
  }
}

/** Seconds since the start, as often as the page can paint them between measurements. */
function showTime(start: number) {
  const show = () => {
    spent.textContent = `${((performance.now() - start) / 1000).toFixed(0)} s`;
  };
  show();
  return setInterval(show, 500);
}

function setRunning(running: boolean): void {
  run.hidden = running;
  stop.hidden = !running;
  progress.hidden = !running;
  if (running) save.hidden = true;
  for (const field of form.querySelectorAll("fieldset")) field.disabled = running;
}

function saveResult({ environment, date }: BenchResult, text: string): void {
  const name = `${environment.adapter} ${environment.runtime} ${date.slice(0, 10)}`;
  const anchor = document.createElement("a");
  anchor.download = `${name.replace(/[^\w.]+/g, "-").toLowerCase()}.json`;
  anchor.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  anchor.click();
  URL.revokeObjectURL(anchor.href);
}

try {
  link = optionsOf(new URLSearchParams(location.search));
} catch (error) {
  fail(error);
}
fillForm(form, link);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  void measure();
});
stop.addEventListener("click", () => {
  doing.textContent = "stopping after this measurement";
  stopping.abort();
});
save.addEventListener("click", () => {
  const result = gpenBench.run?.result;
  if (result) saveResult(result, `${JSON.stringify(result, null, 2)}\n`);
});
nameAdapter().catch((error: Error) => {
  run.disabled = true;
  find("adapter").textContent = "";
  fail(error);
});
