import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import { faceDetectorFiles } from "./face_detector";

const FILE = "face_detector.safetensors";
const KEPT = new URL(`../node_modules/.cache/gpen-webgpu/${FILE}`, import.meta.url);
/** What src/faces/default_weights.ts says in the checkout. */
const BESIDE = /new URL\(\s*(?:\/\*.*?\*\/\s*)?["'`]\.\.\/\.\.\/node_modules[^"'`]*["'`]/g;

/** Makes the detector's weights where the checkout reads them; a path to the file. */
export async function keepFaceWeights(): Promise<string> {
  const { weights } = await faceDetectorFiles();
  if (!existsSync(KEPT) || !readFileSync(KEPT).equals(weights)) {
    mkdirSync(new URL(".", KEPT), { recursive: true });
    // Renamed when it is whole: tests in other processes may be reading it.
    const part = new URL(`${KEPT}.${process.pid}`);
    writeFileSync(part, weights);
    renameSync(part, KEPT);
  }
  return fileURLToPath(KEPT);
}

/** Puts the face detector's weights, and the notice that goes with them, beside the built code. */
export function faceWeights(): Plugin {
  let building = false;
  return {
    name: "face-weights",
    configResolved({ command }) {
      building = command === "build";
    },
    async buildStart() {
      await keepFaceWeights();
      if (!building) return;
      const { weights, notice } = await faceDetectorFiles();
      this.emitFile({ type: "asset", fileName: FILE, source: weights });
      this.emitFile({ type: "asset", fileName: "face_detector.NOTICE.txt", source: notice });
    },
    renderChunk(code) {
      // As a literal, so that the bundlers of whoever uses the package take the file along.
      return BESIDE.test(code) ? code.replace(BESIDE, `new URL("./${FILE}"`) : null;
    },
  };
}
