import { paint } from "../dom";
import type { Viewer } from "../view/viewer";
import type { Look, Restoration } from "./restoration";

/** Keeps the after canvas as the controls say: of changes that come faster than they are drawn, the last. */
export function drawing(viewer: Viewer) {
  let shown: Restoration | undefined;
  let wanted: Look | undefined;
  let running: Promise<void> = Promise.resolve();
  let busy = false;
  const step = async () => {
    while (wanted && shown) {
      const [look, restoration] = [wanted, shown];
      wanted = undefined;
      const regions = await restoration.regions(look);
      if (shown !== restoration) continue;
      for (const { x, y, pixels } of regions) {
        const { data, width, height } = pixels;
        paint(viewer.after).putImageData(new ImageData(data, width, height), x, y);
      }
    }
  };
  return {
    /** Shows a restoration from now on, or none. */
    show(restoration: Restoration | undefined) {
      shown = restoration;
      wanted = undefined;
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
