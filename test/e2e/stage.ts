import { type OpenPage, type OpenPageOptions, openPage } from "./browser";

/** The page on which tests put elements, by its `stage`. */
export async function openStage(options: OpenPageOptions = {}): Promise<OpenPage> {
  const opened = await openPage("/test/e2e/pages/element.html", options);
  await opened.page.waitForFunction(() => "stage" in window);
  return opened;
}

/** Waits until the only element has this state. */
export function state({ page }: OpenPage, state: string) {
  const there = (wanted: string) =>
    document.querySelector<HTMLElement & { state: string }>("small-face,gpen-face")?.state ===
    wanted;
  return page.waitForFunction(there, { timeout: 30_000 }, state);
}
