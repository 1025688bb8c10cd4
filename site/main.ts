import licencesUrl from "../node_modules/.cache/gpen-webgpu/licences.txt?url";
import { byId } from "./dom";
import { restorePage } from "./restore/page";
import { themeButton } from "./theme";

themeButton();
byId("licences", HTMLAnchorElement).href = licencesUrl;
const bench = restorePage();
addEventListener("hashchange", () => void turn());
void turn();

/** Shows the page that the address names; "How it works" is loaded when it is first asked for. */
async function turn(): Promise<void> {
  const how = location.hash === "#/how";
  byId("restore", HTMLElement).hidden = how;
  byId("how", HTMLElement).hidden = !how;
  document.body.dataset.view = how ? "how" : "restore";
  document.title = `${how ? "How it works" : "Restore faces in photos"} · gpen-webgpu`;
  byId("to-restore", HTMLElement).toggleAttribute("aria-current", !how);
  byId("to-how", HTMLElement).toggleAttribute("aria-current", how);
  if (!how) return;
  scrollTo(0, 0);
  const { howPage } = await import("./how/page");
  await howPage(await bench);
}
