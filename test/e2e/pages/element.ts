import { defineGpenFace, type GpenFace } from "../../../src/element/index";
import { loadGpen, openGpu } from "../../../src/index";
import { smallModel } from "./small_model";

/** What the loader of <small-face> has seen. */
const seen = { loads: 0, aborted: 0, disposed: 0, events: [] as string[] };

let gpu: ReturnType<typeof openGpu> | undefined;

// <small-face>: the same element with a network of 32 px; "slow" never arrives, "broken" is no file of weights
defineGpenFace("small-face", {
  async load(url, options) {
    seen.loads++;
    options.signal?.addEventListener("abort", () => seen.aborted++);
    if (url === "slow") {
      options.onProgress?.("download", 3, 10);
      await new Promise((_, fail) => {
        options.signal?.addEventListener("abort", () => fail(options.signal?.reason));
      });
    }
    gpu ??= openGpu();
    const source = url === "broken" ? new Blob(["<html>"]) : await smallModel();
    const model = await loadGpen(await gpu, source, options);
    return {
      ...model,
      dispose() {
        seen.disposed++;
        model.dispose();
      },
    };
  },
});

function add(attributes: Record<string, string>, name = "small-face"): GpenFace {
  const element = document.createElement(name) as GpenFace;
  const event = (type: string) => {
    element.addEventListener(type, (occurred) => {
      const { message } = occurred as ErrorEvent;
      seen.events.push(message ? `${type}: ${message}` : type);
    });
  };
  for (const type of ["load", "error", "input"]) event(type);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  document.body.append(element);
  return element;
}

/** What stands in the shadow tree under a class or role. */
function inside(selector: string, element: Element | null = document.querySelector("small-face")) {
  return element?.shadowRoot?.querySelector<HTMLElement>(selector) ?? null;
}

const page = { seen, add, inside };
Object.assign(window, { stage: page });

declare global {
  var stage: typeof page;
}
