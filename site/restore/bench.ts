import { paint } from "../dom";
import type { Engine } from "../engine";
import { type Marks, marks } from "../view/marks";
import { viewer as makeViewer, type Viewer } from "../view/viewer";
import { adjust } from "./adjust";
import { drawing } from "./canvases";
import { type ContactSheet, contactSheet } from "./contact_sheet";
import { type Dock, dock as makeDock } from "./dock";
import type { Opened } from "./open_picture";
import type { Restoration } from "./restoration";
import { saving } from "./save";

/** The parts of the page, and what lies on it now. */
export interface Bench {
  readonly viewer: Viewer;
  readonly rings: Marks;
  readonly dock: Dock;
  readonly sheet: ContactSheet;
  readonly controls: ReturnType<typeof adjust>;
  engine?: Engine;
  opened?: Opened;
  restoration?: Restoration;
  /** Ends what runs now. */
  running?: AbortController;
  /** Draws the result as the controls say. */
  draw(): Promise<void>;
  /** Puts away the result and its controls. */
  forget(): void;
  /** Shows the picture alone. */
  clear(opened: Opened): void;
  /** Shows a result and its controls. */
  present(restoration: Restoration): Promise<void>;
}

/** How long the rings around found faces stay, in milliseconds. */
const RINGS_MS = 2200;

export function makeBench(): Bench {
  const [viewer, rings, dock] = [makeViewer(), marks(), makeDock()];
  const canvas = drawing(viewer);
  const draw = async () => {
    const [strength, keepColour] = [controls.strength(), controls.keepColour()];
    await canvas.look({ strength, keepColour, faces: sheet.chosen() });
  };
  const redraw = () => void draw().catch((error) => dock.failed(error));
  const controls = adjust(redraw);
  const sheet = contactSheet({
    onChange: redraw,
    onOpen: (box) => viewer.lookAt(box),
    onPoint: (face) => rings.show(face ?? "none"),
  });
  const result = () => canvas.settled().then(() => viewer.after);
  const showSave = saving(result, () => bench.opened?.name ?? "photo");
  const showControls = (on: boolean) => {
    controls.show(on && bench.restoration?.faces.length !== 0);
    showSave(on);
    if (!on) sheet.hide();
  };
  const bench: Bench = {
    viewer,
    rings,
    dock,
    sheet,
    controls,
    draw,
    forget() {
      canvas.show(undefined);
      bench.restoration?.dispose();
      bench.restoration = undefined;
      showControls(false);
      rings.draw({ width: 1, height: 1 }, []);
    },
    clear(opened) {
      bench.forget();
      viewer.open({ width: opened.image.width, height: opened.image.height }, true);
      paint(viewer.before).drawImage(opened.image, 0, 0);
    },
    async present(restoration) {
      bench.restoration = restoration;
      const { before, faces } = restoration;
      showBefore(viewer, before);
      canvas.show(restoration);
      sheet.fill(restoration);
      await draw();
      viewer.compare(true);
      showControls(true);
      if (bench.opened?.aligned) return;
      rings.draw(
        viewer.size,
        faces.map(({ box }) => box),
      );
      rings.show("all");
      setTimeout(() => rings.show("none"), RINGS_MS);
    },
  };
  return bench;
}

/** One aligned face is compared with the picture resized to what the network gives. */
function showBefore(viewer: Viewer, before: Restoration["before"]): void {
  if (before) {
    const { data, width, height } = before;
    viewer.open({ width, height }, true);
    paint(viewer.before).putImageData(new ImageData(data, width, height), 0, 0);
  }
  paint(viewer.after).drawImage(viewer.before, 0, 0);
}
