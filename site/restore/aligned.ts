import { type Gpen, type Picture, restore } from "gpen-webgpu";
import { paint } from "../dom";
import type { Look, Restoration, Work } from "./restoration";

/** A picture that is one aligned face: the network takes all of it. */
export async function restoreAligned(
  model: Gpen,
  image: ImageBitmap,
  { onStep, signal, times }: Work,
): Promise<Restoration> {
  onStep("Restoring the face");
  const side = model.config.outSize;
  const before = resized(image, side);
  const { pixels, ms } = await restore(model, image, { signal });
  times.push({ name: "Network", ms });
  const box = { x: 0, y: 0, width: side, height: side };
  return {
    before,
    faces: [{ box, aligned: before, restored: pixels }],
    async regions(look) {
      return [{ x: 0, y: 0, pixels: look.faces.length ? mixed(before, pixels, look) : before }];
    },
    dispose() {},
  };
}

/** The photo as large as the result, to lie under it. */
function resized(image: ImageBitmap, side: number): Picture {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: side, height: side });
  const context = paint(canvas);
  context.imageSmoothingQuality = "high";
  context.drawImage(image, 0, 0, side, side);
  return context.getImageData(0, 0, side, side);
}

/** The share of red and blue in luminance; green has the rest. Source: BT.601 */
const [RED, BLUE] = [0.299, 0.114];

function mixed(photo: Picture, face: Picture, { strength, keepColour }: Look): Picture {
  const data = new Uint8ClampedArray(photo.data);
  for (let i = 0; i < data.length; i += 4) {
    const step = (c: number) => face.data[i + c] - photo.data[i + c];
    const grey = RED * step(0) + (1 - RED - BLUE) * step(1) + BLUE * step(2);
    for (let c = 0; c < 3; c++) data[i + c] += strength * (keepColour ? grey : step(c));
  }
  return { data, width: photo.width, height: photo.height };
}
