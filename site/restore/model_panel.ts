import { canRun, type Gpen } from "gpen-webgpu";
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

/** Which weights restore: the embedded ones, a file of the visitor's, and what others have published. */
export function modelPanel(choose: (choice: ModelChoice) => void): ModelPanel {
  const file = byId("model-file", HTMLInputElement);
  const embedded = byId("model-embedded", HTMLButtonElement);
  byId("model-open", HTMLButtonElement).onclick = () => file.click();
  embedded.onclick = () => choose(EMBEDDED);
  file.onchange = () => {
    const [picked] = file.files ?? [];
    if (picked) choose({ name: picked.name, bytes: picked.size, source: picked, embedded: false });
    file.value = "";
  };
  byId("published-details", HTMLDetailsElement).addEventListener("toggle", listPublished, {
    once: true,
  });
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

/** The published files, and which of their sizes this device can run. */
async function listPublished(): Promise<void> {
  const { PUBLISHED, PUBLISHED_LICENCE } = await import("../../src/weights/published");
  const usable = PUBLISHED.filter(({ kind, task }) => kind === "generator" && task === "restore");
  byId("licence", HTMLElement).textContent =
    `These are not part of this page, which downloads none of them. If you have one, open it above. Their notice: ${PUBLISHED_LICENCE}.`;
  const fits = new Map<number, string>();
  for (const size of new Set(usable.map((model) => model.size))) {
    const { ok, reason, precision, bytes } = await canRun(size);
    const memory = megabytes(bytes.weights + bytes.activations);
    fits.set(size, ok ? `Fits this device: ${precision}, ${memory}.` : sentence(reason));
  }
  byId("published", HTMLElement).replaceChildren(
    ...usable.map(({ name, file, size, bytes, sha256 }) => {
      const facts = `${file}, ${size} px, ${bytes === undefined ? "size not published" : `${bytes.toLocaleString("en")} bytes`}`;
      const hash = make("code", { title: sha256 ?? "" }, `sha256 ${sha256 ?? "not published"}`);
      const fit = make("span", { className: "soft" }, fits.get(size) ?? "");
      return make("li", {}, make("strong", {}, name), facts, make("br"), fit, hash);
    }),
  );
}
