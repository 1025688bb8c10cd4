import { byId, make, type Readiness, setReadiness } from "../dom";
import { megabytes, sentence } from "../words";

/** Whether the lossy formats keep enough; 0.92 is what browsers take themselves for JPEG. */
const QUALITY = 0.92;

/** Download and copy of a canvas, once what was asked of it is drawn, under a name made of `name`. */
export function saving(
  settled: () => Promise<void>,
  canvas: HTMLCanvasElement,
  name: () => string,
): (readiness: Readiness) => void {
  const said = byId("saved", HTMLElement);
  const format = byId("format", HTMLSelectElement);
  const attempt = (work: () => Promise<string>) => async () => {
    said.textContent = await work().catch(sentence);
  };
  byId("download", HTMLButtonElement).onclick = attempt(async () => {
    await settled();
    const blob = await encoded(canvas, format.value);
    const ending = blob.type.slice("image/".length).replace("jpeg", "jpg");
    const file = `${name().replace(/\.[a-z0-9]+$/i, "")}-restored.${ending}`;
    const href = URL.createObjectURL(blob);
    make("a", { href, download: file }).click();
    setTimeout(() => URL.revokeObjectURL(href), 60_000);
    return `${file}, ${megabytes(blob.size)}.`;
  });
  const copy = byId("copy", HTMLButtonElement);
  copy.hidden = !("ClipboardItem" in window && navigator.clipboard);
  copy.onclick = attempt(async () => {
    const png = settled().then(() => encoded(canvas, "image/png"));
    await navigator.clipboard.write([new ClipboardItem({ "image/png": png })]).catch((error) => {
      throw new Error(`The browser did not allow copying (${error.message}); use Download instead`);
    });
    return "Copied.";
  });
  return (readiness) => {
    setReadiness(byId("save", HTMLElement), readiness);
    said.textContent = "";
  };
}

function encoded(canvas: HTMLCanvasElement, type: string): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) =>
        blob
          ? resolve(blob)
          : reject(new Error("The browser could not encode the picture; choose another format")),
      type,
      QUALITY,
    );
  });
}
