import { GpenFace } from "./face_element";
import type { LoadModel } from "./load";
import { pool } from "./pool";

/** What all elements of one name share. */
export interface DefineOptions {
  /** Loads the elements' models: from a cache, with importers, on a device of the page's own. */
  readonly load?: LoadModel;
}

/**
 * Defines the element, under another name or with another way to load models; importing the module has
 * defined `<gpen-face>`. A name that is taken stays as it is, and without a document nothing happens.
 */
export function defineGpenFace(name = "gpen-face", { load }: DefineOptions = {}): void {
  if (typeof customElements === "undefined" || customElements.get(name)) return;
  const models = load ? pool(load) : GpenFace.models;
  customElements.define(
    name,
    class extends GpenFace {
      static override models = models;
    },
  );
}

declare global {
  interface HTMLElementTagNameMap {
    "gpen-face": GpenFace;
  }
}
