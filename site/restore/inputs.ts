import { byId } from "../dom";

/** Calls `take` with every file that is picked, dropped anywhere, or pasted. */
export function inputs(take: (file: File) => void, wrong: (sentence: string) => void): void {
  const file = byId("file", HTMLInputElement);
  byId("choose", HTMLButtonElement).onclick = () => file.click();
  file.onchange = () => {
    const [picked] = file.files ?? [];
    if (picked) take(picked);
    file.value = "";
  };
  drops(take, wrong);
  addEventListener("paste", ({ clipboardData }) => {
    const [pasted] = clipboardData?.files ?? [];
    if (pasted) take(pasted);
    else if (clipboardData?.types.length) {
      wrong("What was pasted is no picture; copy a picture, or a file of one, and paste again.");
    }
  });
}

function drops(take: (file: File) => void, wrong: (sentence: string) => void): void {
  let depth = 0; // dragenter and dragleave come for every element on the way
  const dropping = (on: boolean) => document.body.toggleAttribute("data-dropping", on);
  addEventListener("dragenter", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    depth++;
    dropping(true);
  });
  addEventListener("dragleave", () => {
    depth = Math.max(0, depth - 1);
    if (depth === 0) dropping(false);
  });
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    event.preventDefault();
    depth = 0;
    dropping(false);
    const [dropped] = event.dataTransfer?.files ?? [];
    if (dropped) take(dropped);
    else wrong("What was dropped is no file; drop a picture from a folder.");
  });
}
