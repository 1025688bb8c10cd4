import face from "../../examples/astronaut.png?url";
import tiny from "../../models/gpen-tiny-128.safetensors?url";
import { blobSource } from "../../src/weights/byte_source";
import type { Checkpoint } from "../../src/weights/checkpoint";
import type { GpenConfig } from "../../src/weights/config";
import { inferConfig } from "../../src/weights/infer_config";
import { openCheckpoint } from "../../src/weights/open_checkpoint";
import { publishedConfig } from "../../src/weights/published_config";
import { randomCheckpoint } from "../../src/weights/random";
import { writeSafetensors } from "../../src/weights/write_safetensors";
import { randomPlanes, type Subject } from "../ours";
import type { PageModelChoice } from "./options";
import { planesOf } from "./picture";

/** A network to measure in the page. */
export interface PageModel extends Subject {
  /** The same weights, which the peer's file is made of. */
  readonly checkpoint: Checkpoint;
  /** Whether that is a photo, and the restored one worth a look. */
  readonly photo: boolean;
}

/** Fetches the embedded model and its photo, or makes random weights and a random input. */
export async function openPageModel(
  choice: PageModelChoice,
  signal: AbortSignal,
): Promise<PageModel> {
  const [name, photo] = [nameOf(choice), choice === "tiny"];
  const source = blobSource(photo ? await fetched(tiny, signal) : await randomFile(choice));
  const checkpoint = await openCheckpoint(source);
  const { config } = inferConfig(checkpoint, {});
  const input = photo ? await facePlanes(config.inSize, signal) : randomPlanes(config.inSize);
  return { name, config, source, checkpoint, input, photo };
}

function nameOf(choice: PageModelChoice): string {
  return /^\d+$/.test(choice) ? `GPEN-${choice}` : choice;
}

async function fetched(url: string, signal: AbortSignal): Promise<Blob> {
  const response = await fetch(url, { signal });
  if (response.ok) return response.blob();
  throw new Error(
    `page: ${url} answered ${response.status}; serve the page with npm run bench:page`,
  );
}

async function randomFile(choice: PageModelChoice): Promise<Blob> {
  const { tensors, metadata } = randomCheckpoint("gpen", configOf(choice), 0);
  const pieces: BlobPart[] = [];
  // a Blob per piece: browsers may keep them on disk, and GPEN-512 has 284 MB
  for await (const piece of writeSafetensors(tensors, metadata, "F32")) {
    pieces.push(new Blob([piece as Uint8Array<ArrayBuffer>]));
  }
  return new Blob(pieces);
}

function configOf(choice: PageModelChoice): GpenConfig {
  const small = /^random-(\d+)$/.exec(choice);
  return small ? smallConfig(Number(small[1])) : publishedConfig(Number(choice));
}

/** The smallest network that has every part: 16 channels and fewer. */
export function smallConfig(side: number): GpenConfig {
  const [styleDim, nMlp] = [32, 2];
  const width = { channelMultiplier: 1, narrow: 1 / 32 };
  return {
    inSize: side,
    outSize: side,
    styleDim,
    nMlp,
    ...width,
    noise: "concat",
    normalise: true,
  };
}

async function facePlanes(side: number, signal: AbortSignal): Promise<Float32Array> {
  const bitmap = await createImageBitmap(await fetched(face, signal));
  const canvas = new OffscreenCanvas(side, side);
  const context = canvas.getContext("2d");
  if (context === null)
    throw new Error("page: the canvas gives no 2d context; try another browser");
  context.drawImage(bitmap, 0, 0, side, side);
  return planesOf(context.getImageData(0, 0, side, side).data);
}
