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
  /** Shows the picture, with room for what comes with its result; one that is there stays until then. */
  lay(opened: Opened): void;
  /** No result comes: gives up the room that was kept for one. */
  settle(): void;
  /** Shows a result and its controls. */
  present(restoration: Restoration): Promise<void>;
}

export function makeBench(): Bench {
  const [viewer, rings, dock] = [makeViewer(), marks(), makeDock()];
  const canvas = drawing(viewer);
  const redraw = () => void bench.draw().catch((error) => dock.failed(error));
  const controls = adjust(redraw);
  const sheet = contactSheet({
    onChange: redraw,
    onOpen(box) {
      rings.show("none"); // it is in sight now, and a ring around it would only be in the way
      viewer.lookAt(box);
    },
    onPoint: (face) => rings.show(face ?? "none"),
  });
  const showSave = saving(canvas.settled, viewer.after, () => bench.opened?.name ?? "photo");
  const show = (restoration?: Restoration) => {
    document.body.toggleAttribute("data-opened", true);
    if (bench.restoration !== restoration) bench.restoration?.dispose();
    bench.restoration = restoration;
    canvas.show(restoration);
    const readiness = restoration?.faces.length ? "ready" : "away";
    controls.show(readiness);
    showSave(readiness);
    sheet.fill(restoration);
    rings.draw(viewer.size, bench.opened?.aligned ? [] : boxesOf(restoration));
  };
  let laid: ImageBitmap | undefined;
  const bench: Bench = {
    ...{ viewer, rings, dock, sheet, controls },
    draw: () => canvas.look({ ...controls.values(), faces: sheet.chosen() }),
    forget() {
      laid = undefined;
      show();
    },
    lay({ image }) {
      if (laid === image && bench.restoration?.faces.length) return;
      laid = image;
      show();
      controls.show("waiting");
      showSave("waiting");
      sheet.wait();
      showAlone(viewer, image);
    },
    settle: () => bench.restoration || show(),
    async present(restoration) {
      showBefore(viewer, restoration.before, laid);
      show(restoration);
      await bench.draw();
      const largest = boxesOf(restoration).sort((a, b) => b.width - a.width)[0];
      viewer.compare(largest !== undefined);
      if (largest) viewer.divide(largest);
      rings.flash();
    },
  };
  return bench;
}

function showAlone(viewer: Viewer, image: ImageBitmap): void {
  viewer.open({ width: image.width, height: image.height }, true);
  paint(viewer.before).drawImage(image, 0, 0);
}

function boxesOf(restoration: Restoration | undefined) {
  return restoration?.faces.map(({ box }) => box) ?? [];
}

/** One aligned face is compared with the picture resized to what the network gives. */
function showBefore(
  viewer: Viewer,
  before: Restoration["before"],
  photo: ImageBitmap | undefined,
): void {
  if (before) {
    const { data, width, height } = before;
    viewer.open({ width, height }, true);
    paint(viewer.before).putImageData(new ImageData(data, width, height), 0, 0);
  } else if (photo && photo.width !== viewer.size.width) showAlone(viewer, photo);
  paint(viewer.after).drawImage(viewer.before, 0, 0);
}
