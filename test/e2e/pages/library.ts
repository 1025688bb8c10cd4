import { smallConfig } from "../../../bench/page/models";
import * as library from "../../../src/index";
import { randomCheckpoint } from "../../../src/weights/random";
import { writeSafetensors } from "../../../src/weights/write_safetensors";
import { census, openHost } from "./host";

/** A network of 32 px with every part and random weights: it loads and runs in a fraction of a second. */
async function smallModel(): Promise<Blob> {
  const { tensors, metadata } = randomCheckpoint("gpen", smallConfig(32), 0);
  const pieces: BlobPart[] = [];
  for await (const piece of writeSafetensors(tensors, metadata, "F32")) {
    pieces.push(piece as Uint8Array<ArrayBuffer>);
  }
  return new Blob(pieces);
}

/** The example, or another picture of the repository. */
async function picture(path = "/examples/astronaut.png"): Promise<ImageBitmap> {
  return createImageBitmap(await (await fetch(path)).blob());
}

const stage = { smallModel, picture, openHost, census };

// What tests call through page.evaluate, whose functions cannot import.
Object.assign(window, { gpen: library, staged: stage });

declare global {
  var gpen: typeof library;
  var staged: typeof stage;
}
