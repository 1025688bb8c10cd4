import { paint } from "../dom";
import type { Viewer } from "../view/viewer";
import type { Look, Region, Restoration } from "./restoration";

/** Keeps the after canvas as the controls say: of changes that come faster than they are drawn, the last. */
export function drawing(viewer: Viewer) {
  let shown: Restoration | undefined;
  let wanted: Look | undefined;
  let running: Promise<void> = Promise.resolve();
  let busy = false;
  let drawn: readonly Region[] = [];
  const step = async () => {
    while (wanted && shown) {
      const [look, restoration] = [wanted, shown];
      wanted = undefined;
      const regions = await restoration.regions(look);
      if (shown !== restoration) continue;
      undo(viewer, drawn);
      for (const { x, y, pixels } of regions) {
        const { data, width, height } = pixels;
        paint(viewer.after).putImageData(new ImageData(data, width, height), x, y);
      }
      drawn = regions;
    }
  };
  return {
    /** Shows a restoration from now on, or none. */
    show(restoration: Restoration | undefined) {
      shown = restoration;
      wanted = undefined;
      drawn = [];
    },
    /** Settles when the canvas looks so. */
    look(look: Look): Promise<void> {
      wanted = look;
      if (busy) return running;
      busy = true;
      running = step().finally(() => {
        busy = false;
      });
      return running;
    },
    settled: () => running,
  };
}

/** A face that is switched off leaves no region: what was drawn before becomes the photo again. */
function undo({ before, after }: Viewer, drawn: readonly Region[]): void {
  const context = paint(after);
  for (const { x, y, pixels } of drawn) {
    const { width, height } = pixels;
    context.clearRect(x, y, width, height);
    context.drawImage(before, x, y, width, height, x, y, width, height);
  }
}
