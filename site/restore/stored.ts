import { byId, paint } from "../dom";
import type { Bench } from "./bench";
import type { Example } from "./examples";

/** Shows an example before and after as pictures that come with the page, before anything was computed. */
export async function showStored({ viewer, opened }: Bench, example: Example): Promise<void> {
  const [before, after] = await Promise.all([load(example.url), load(example.result)]);
  if (opened) return;
  viewer.open({ width: before.naturalWidth, height: before.naturalHeight }, false, example.face);
  paint(viewer.before).drawImage(before, 0, 0);
  paint(viewer.after).drawImage(after, 0, 0);
  byId("caption", HTMLElement).textContent = `Stored result. ${example.credit}`;
}

async function load(url: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = url;
  await image.decode();
  return image;
}
