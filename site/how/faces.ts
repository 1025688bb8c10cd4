import type { Picture } from "gpen-webgpu";
import { make, paint } from "../dom";
import type { Bench } from "../restore/bench";
import { canvasOf } from "../restore/contact_sheet";
import { EXAMPLES, fetchExample } from "../restore/examples";

const EXAMPLE = EXAMPLES.find(({ aligned }) => aligned) ?? EXAMPLES[0];

/** What the embedded model made of the example, as it comes with the page. */
export async function storedResult(): Promise<Picture> {
  return decoded(await (await fetch(EXAMPLE.result)).blob());
}

/** The aligned face that was restored; before anything was, the example's. */
export async function pictureOf({ restoration }: Bench, face: number): Promise<Picture> {
  const known = restoration?.faces[face];
  if (known) return known.aligned;
  return decoded(await fetchExample(EXAMPLE));
}

async function decoded(file: Blob): Promise<Picture> {
  const image = await createImageBitmap(file);
  const canvas = make("canvas", { width: image.width, height: image.height });
  paint(canvas).drawImage(image, 0, 0);
  image.close();
  return paint(canvas).getImageData(0, 0, canvas.width, canvas.height) as Picture;
}

export function resized(picture: Picture, side: number): Picture {
  if (picture.width === side && picture.height === side) return picture;
  const canvas = make("canvas", { width: side, height: side });
  paint(canvas).drawImage(canvasOf(picture), 0, 0, side, side);
  return paint(canvas).getImageData(0, 0, side, side) as Picture;
}
