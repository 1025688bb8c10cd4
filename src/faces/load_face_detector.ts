import { GpuError, ShapeError, WeightsError } from "../errors";
import type { Gpu } from "../gpu/open";
import { given } from "../gpu/recover";
import type { ReadParameter } from "../graph/node";
import type { FaceDetector } from "../photo/face";
import { type ModelSource, openModelSource } from "../restore/model_source";
import { checkPixels } from "../restore/pixels";
import { openCheckpoint } from "../weights/open_checkpoint";
import { blazeFace } from "./blaze_face";
import { defaultWeights } from "./default_weights";
import { findFaces } from "./find_faces";
import { LANDMARKS_SIDE, landmarks } from "./landmarks";
import { network } from "./networks";
import { CROP } from "./squares";
import { TILE } from "./tiles";

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
 * Pictures at a time: tiles of a photo, then its faces. Few where the CPU computes: it is busy with
 * one, and the places that a small photo leaves empty in a batch would take time.
 */
const BATCH = { software: { tiles: 1, faces: 2 }, hardware: { tiles: 4, faces: 8 } };

/**
 * The default face detector: BlazeFace over tiles of the photo at several scales, twice more on each
 * face alone, and a network that finds the five points. Faces come out by size, the largest first.
 *
 * Finds     faces of `minSize` pixels up to the whole photo, seen from the front or half from the
 *           side, turned by up to 60 degrees; most of those that lie on their side; none upside down
 * Errors    WeightsError if `source` is no such file; ShapeError for options out of range; detect()
 *           throws the signal's reason when aborted, GpuError if a lost device cannot be replaced
 * Progress  in tiles, and 1 for all that is looked at again
 * Cost      12 megapixels are 148 tiles with minSize 32, 0.04 TFLOP, and 40 with 64
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
  const read: ReadParameter = async (name) => {
    const tensor = tensors.get(name);
    if (!tensor) {
      throw new WeightsError(
        `faces: the file has no "${name}"; pass the face_detector.safetensors of this package`,
      );
    }
    return tensor.read();
  };
  await read("blaze_face.first.bias"); // another file is refused now, not at the first photo
  const batch = gpu.software ? BATCH.software : BATCH.hardware;
  const networks = {
    tiles: network(gpu, read, [batch.tiles, TILE], blazeFace),
    crops: network(gpu, read, [batch.faces, CROP], blazeFace),
    close: network(gpu, read, [batch.faces, LANDMARKS_SIDE], (picture) => ({
      points: landmarks(picture),
    })),
  };
  let disposed = false;
  return {
    async detect(photo, options = {}) {
      if (disposed) throw new GpuError("faces: the detector was disposed of; load it again");
      const limits = { minScore, minSize, maxFaces };
      return findFaces(networks, checkPixels(photo), limits, options);
    },
    dispose() {
      disposed = true;
      for (const each of Object.values(networks)) each.dispose();
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
