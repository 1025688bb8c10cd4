import type { Gpu } from "../gpu/open";
import type { Executable } from "../gpu/prepare";
import { input, op } from "../graph/node";
import { writeBytes, writeInput } from "../graph/run_alone";
import { RGBA8, VECTOR } from "../kernels/layout";
import { paste } from "../kernels/paste";
import type { Picture, Pixels } from "../restore/pixels";
import type { Region } from "./regions";
import { runOnce } from "./run_once";
import { windowOf } from "./window";

export interface Blend {
  /** From 0, the photo, to 1, the restored faces. */
  readonly strength: number;
  /** Luminance from the network, colour from the photo. */
  readonly keepColour: boolean;
  /** Whether the face of this index is shown. */
  shows(face: number): boolean;
}

/** A rectangle of the photo as it is now; its top left pixel lies at (x, y). */
export interface ChangedRegion {
  readonly x: number;
  readonly y: number;
  readonly pixels: Picture;
}

/** One region with its faces in. */
export async function pasteRegion(
  gpu: Gpu,
  photo: Pixels,
  region: Region,
  { strength, keepColour, shows }: Blend,
  signal?: AbortSignal,
): Promise<ChangedRegion> {
  const { x, y, width, height, faces, pixels } = region;
  const node = op(
    paste,
    "pasted",
    {
      x: input("x", [1, 4, height, width], RGBA8),
      pixels: input("pixels", [1, 4, 1, pixels.length / 4], RGBA8),
      faces: input("faces", [faces.length, 16], VECTOR),
      blend: input("blend", [2], VECTOR),
    },
    {},
  );
  const rows = region.rows.slice();
  for (const [at, face] of faces.entries()) rows[16 * at + 13] = Number(shows(face));
  const fill = (executable: Executable) => {
    writeBytes(executable, "x", windowOf(photo, region).data);
    writeBytes(executable, "pixels", pixels);
    writeInput(executable, "faces", rows);
    writeInput(executable, "blend", Float32Array.of(strength, Number(keepColour)));
  };
  const data = await runOnce(gpu, node, fill, signal);
  return { x, y, pixels: { data, width, height } };
}

/** The photo with these regions in the place of its own. */
export function withRegions(photo: Pixels, regions: readonly ChangedRegion[]): Picture {
  const { width, height } = photo;
  const data = new Uint8ClampedArray(photo.data);
  for (const { x, y, pixels } of regions) {
    for (let row = 0; row < pixels.height; row++) {
      const from = 4 * pixels.width * row;
      const part = pixels.data.subarray(from, from + 4 * pixels.width);
      data.set(part, 4 * ((y + row) * width + x));
    }
  }
  return { data, width, height };
}
