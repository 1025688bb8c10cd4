import { smallConfig } from "../../../bench/page/models";
import { randomCheckpoint } from "../../../src/weights/random";
import { writeSafetensors } from "../../../src/weights/write_safetensors";

/** A network of 32 px with every part and random weights: it loads and runs in a fraction of a second. */
export async function smallModel(): Promise<Blob> {
  const { tensors, metadata } = randomCheckpoint("gpen", smallConfig(32), 0);
  const pieces: BlobPart[] = [];
  for await (const piece of writeSafetensors(tensors, metadata, "F32")) {
    pieces.push(piece as Uint8Array<ArrayBuffer>);
  }
  return new Blob(pieces);
}
