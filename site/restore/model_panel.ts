import { canRun, type Gpen, type GpenConfig, type Gpu } from "gpen-webgpu";
import { byId, make } from "../dom";
import { EMBEDDED, type ModelChoice } from "../engine";
import { explain, tell } from "../explain";
import { megabytes, sentence } from "../words";

export interface ModelPanel {
  /** What is chosen, and what is known of it once it was loaded. */
  show(choice: ModelChoice, model?: Gpen): void;
  fits(text: string): void;
  wrong(error: unknown): void;
}

/**
 * Which weights restore: the embedded ones, a file of the visitor's, and what others have published.
 * `gpu` is the device once it is known whether there is one.
 */
export function modelPanel(
  choose: (choice: ModelChoice) => void,
  gpu: () => Promise<Gpu | undefined>,
): ModelPanel {
  const file = byId("model-file", HTMLInputElement);
  const embedded = byId("model-embedded", HTMLButtonElement);
  byId("model-open", HTMLButtonElement).onclick = () => file.click();
  embedded.onclick = () => choose(EMBEDDED);
  file.onchange = () => {
    const [picked] = file.files ?? [];
    if (picked) choose({ name: picked.name, bytes: picked.size, source: picked, embedded: false });
    file.value = "";
  };
  const list = () => void listPublished(gpu);
  byId("published-details", HTMLDetailsElement).addEventListener("toggle", list, { once: true });
  return {
    show(choice, model) {
      const size = model ? `, ${model.config.inSize} px, ${model.precision}` : "";
      byId("model-name", HTMLElement).textContent =
        `${choice.name}, ${megabytes(choice.bytes)}${size}`;
      embedded.hidden = choice.embedded;
    },
    fits(text) {
      byId("model-fits", HTMLElement).textContent = text;
    },
    wrong: (error) =>
      tell(byId("model-wrong", HTMLElement), error === undefined ? undefined : explain(error)),
  };
}

/** The published files at once; which of their sizes this device can run, as it is found out. */
async function listPublished(gpu: () => Promise<Gpu | undefined>): Promise<void> {
  const { PUBLISHED, PUBLISHED_LICENCE } = await import("../../src/weights/published");
  const usable = PUBLISHED.filter(({ kind, task }) => kind === "generator" && task === "restore");
  byId("licence", HTMLElement).textContent =
    `These are not part of this page, which downloads none of them. If you have one, open it above. Their notice: ${PUBLISHED_LICENCE}.`;
  const fits = usable.map(({ size }) => ({ size, line: make("span", { className: "soft" }, "…") }));
  byId("published", HTMLElement).replaceChildren(
    ...usable.map(({ name, file, size, bytes, sha256 }, i) => {
      const facts = `${file}, ${size} px, ${bytes === undefined ? "size not published" : `${bytes.toLocaleString("en")} bytes`}`;
      const hash = make("code", { title: sha256 ?? "" }, `sha256 ${sha256 ?? "not published"}`);
      return make("li", {}, make("strong", {}, name), facts, make("br"), fits[i].line, hash);
    }),
  );
  // asking the open device, not for another adapter, which a busy browser gives when it is done
  const on = await gpu();
  for (const size of new Set(usable.map((model) => model.size))) {
    const text = on ? await fitting(size, on) : "";
    for (const fit of fits) if (fit.size === size) fit.line.textContent = text;
  }
}

/** Whether a model of this configuration or published size fits, said before it is downloaded. */
export async function fitting(model: GpenConfig | number, on: Gpu): Promise<string> {
  const { ok, reason, precision, bytes } = await canRun(model, { on });
  if (!ok) return sentence(reason);
  return `Fits this device: ${precision}, ${megabytes(bytes.weights + bytes.activations)} of its memory.`;
}
