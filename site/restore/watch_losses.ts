import type { Gpu } from "gpen-webgpu";
import { byId } from "../dom";

/** How long the notice stays, in milliseconds: two sentences at the speed of slow readers. */
const NOTICE_MS = 9000;

const watched = new WeakSet<GPUDevice>();

/** Says so when the device is lost; the engine opens another one when it is needed next. */
export function watchLosses(gpu: Gpu): void {
  const { device } = gpu;
  if (watched.has(device)) return;
  watched.add(device);
  void device.lost.then(({ message }) => {
    const because = message ? ` (${message.split("\n")[0].replace(/\.$/, "")})` : "";
    notice(`The graphics device was lost${because}. It is opened again when it is needed.`);
  });
}

let timer: ReturnType<typeof setTimeout> | undefined;

export function notice(text: string): void {
  const shown = byId("notice", HTMLElement);
  shown.textContent = text;
  shown.hidden = false;
  clearTimeout(timer);
  timer = setTimeout(() => {
    shown.hidden = true;
  }, NOTICE_MS);
}
