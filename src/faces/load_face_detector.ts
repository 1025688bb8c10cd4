import { GpuError, ShapeError, WeightsError } from "../errors";
import type { Gpu } from "../gpu/open";
import { given } from "../gpu/recover";
import type { FaceDetector } from "../photo/face";
import { type ModelSource, openModelSource } from "../restore/model_source";
import { checkPixels } from "../restore/pixels";
import { openCheckpoint } from "../weights/open_checkpoint";
import { blazeFace } from "./blaze_face";
import { bySize } from "./by_size";
import { defaultWeights } from "./default_weights";
import { findFaces } from "./find_faces";
import { LANDMARKS_SIDE, landmarks } from "./landmarks";
import { network } from "./networks";
import { CROP } from "./squares";

/** Which faces are looked for. */
export interface FaceDetectorOptions {
  /**
   * Least score of a face, from 0 to 1; 0.62 by default. Sharp faces have 0.73 and more, texture rarely
   * more than 0.6; of 16 faces degraded as the models were trained for 13 or 14 have 0.62.
   */
  readonly minScore?: number;
  /** Narrowest face that is looked for, in pixels of the photo; 32 by default. */
  readonly minSize?: number;
  /** No more than this many faces, the largest ones. */
  readonly maxFaces?: number;
  readonly signal?: AbortSignal;
}

/**
 * The longest side of a tile, and faces at a time. Less where the CPU computes: it is busy with little,
 * a tile's first layer is one dispatch, and the places that a photo leaves empty in a batch take time.
 */
const MOST = { software: { tile: 384, faces: 1 }, hardware: { tile: 512, faces: 8 } };

/**
 * The default face detector: BlazeFace over tiles of the photo at several scales, twice more on each
 * face alone, and a network that finds the five points. Faces come out by size, the largest first.
 *
 * Finds     faces of `minSize` pixels up to the whole photo, seen from the front or half from the
 *           side, turned by up to 60 degrees; most of those that lie on their side; none upside down
 * Errors    WeightsError if `source` is no such file; ShapeError for options out of range; detect()
 *           throws the signal's reason when aborted, GpuError if a lost device cannot be replaced
 * Progress  in tiles, and 1 for all that is looked at again
 * Cost      12 megapixels are 31 tiles with minSize 32, 0.025 TFLOP, and 11 with 64
 * Source    BlazeFace (arXiv 1907.05047); @vladmandic/face-api's 68 points
 */
export async function loadFaceDetector(
  gpu: Gpu,
  source?: ModelSource,
  options: FaceDetectorOptions = {},
): Promise<FaceDetector> {
  const { minScore = 0.62, minSize = 32, maxFaces = Number.POSITIVE_INFINITY, signal } = options;
  checkOptions({ minScore, minSize, maxFaces });
  given(gpu);
  const bytes = await openModelSource(source ?? (await defaultWeights()), { signal });
  const { tensors } = await openCheckpoint(bytes);
  const read = async (name: string) => {
    const tensor = tensors.get(name);
    if (!tensor) {
      throw new WeightsError(
        `faces: the file has no "${name}"; pass the face_detector.safetensors of this package`,
      );
    }
    return tensor.read();
  };
  await read("blaze_face.first.bias"); // another file is refused now, not at the first photo
  const most = gpu.software ? MOST.software : MOST.hardware;
  const square = (side: number) => ({ width: side, height: side });
  const tiles = bySize((size) => network(gpu, read, 1, size, blazeFace));
  const crops = network(gpu, read, most.faces, square(CROP), blazeFace);
  const close = network(gpu, read, most.faces, square(LANDMARKS_SIDE), (picture) => ({
    points: landmarks(picture),
  }));
  const networks = { tile: tiles.of, longestTile: most.tile, crops, close };
  let disposed = false;
  return {
    async detect(photo, options = {}) {
      if (disposed) throw new GpuError("faces: the detector was disposed of; load it again");
      const limits = { minScore, minSize, maxFaces };
      return tiles.during(() => findFaces(networks, checkPixels(photo), limits, options));
    },
    dispose() {
      disposed = true;
      for (const each of [tiles, crops, close]) each.dispose();
    },
  };
}

function checkOptions({
  minScore,
  minSize,
  maxFaces,
}: Required<Omit<FaceDetectorOptions, "signal">>) {
  if (!(minScore > 0 && minScore < 1)) {
    throw new ShapeError(`faces: minScore ${minScore} must lie between 0 and 1`);
  }
  if (!(minSize >= 4)) {
    throw new ShapeError(`faces: minSize ${minSize} must be 4 pixels or more`);
  }
  if (!(maxFaces >= 1)) {
    throw new ShapeError(`faces: maxFaces ${maxFaces} must be 1 or more`);
  }
}
