import { pixelsOf } from "../restore/image_input";
import type { Gpen } from "../restore/load";
import type { Pixels } from "../restore/pixels";
import { chooseFaces } from "./choose_faces";
import type { Face, FaceDetector } from "./face";
import type { ChangedRegion } from "./paste_regions";
import { type PhotoInput, type RestorePhotoOptions, restorePhoto } from "./restore_photo";
import type { RenderOptions } from "./restored_photo";
import { sceneCuts } from "./video_cuts";
import { latest } from "./video_latest";
import { faceTracks } from "./video_tracks";

/** Which faces of every frame are restored, how, and until when. */
export interface VideoFacesOptions
  extends Pick<RestorePhotoOptions, "template" | "only" | "task" | "signal"> {
  /** Strength, colour and choice of faces; asked before every frame, so that controls work at once. */
  readonly render?: () => Omit<RenderOptions, "signal">;
}

/** A frame and what to draw over it. */
export interface RestoredFrame {
  /** When the frame is shown, in seconds of the video. */
  readonly seconds: number;
  /** The frame as it came. */
  readonly pixels: Pixels;
  /** The rectangles that faces lie in, restored; empty where there is no face. */
  readonly regions: readonly ChangedRegion[];
  /** The faces with their points smoothed over time. */
  readonly faces: readonly Face[];
  /** Whether a new scene begins with this frame. */
  readonly cut: boolean;
  /** Milliseconds that it took, from its turn on. */
  readonly ms: number;
}

/** A stream of frames whose faces are restored as fast as the GPU can. */
export interface VideoFaces {
  /**
   * Restores the faces of a frame. While one is in work, the last that was pushed waits, and those
   * pushed before it give undefined: frames are dropped, not queued. A video or canvas is read when
   * its turn comes.
   *
   * Units     seconds of the video; those of the frame, or the clock's by default
   * Errors    as restorePhoto; the signal's reason when aborted
   */
  push(frame: PhotoInput, seconds?: number): Promise<RestoredFrame | undefined>;
  /** Drops what waits, and forgets the faces; the model and the detector stay their owner's. */
  dispose(): void;
}

/**
 * Restores the faces of a stream of frames. Every frame is looked at for faces; their points are
 * smoothed over time, so that crops do not jitter, until a new scene begins.
 *
 * Cost      detection, and the network once per face, of every frame that is not dropped; a detector
 *           that looks for large faces only (minSize 96) takes a fraction of the time
 * Source    One Euro filter: Casiez, Roussel, Vogel, CHI 2012
 */
export function videoFaces(
  model: Gpen,
  detector: FaceDetector,
  options: VideoFacesOptions = {},
): VideoFaces {
  const { signal, render = () => ({}) } = options;
  const tracks = faceTracks();
  const isCut = sceneCuts();
  let last = Number.NEGATIVE_INFINITY;
  const work = async ([frame, given]: readonly [PhotoInput, number?]): Promise<RestoredFrame> => {
    const start = performance.now();
    const seconds = given ?? secondsOf(frame);
    const pixels = await pixelsOf(frame);
    signal?.throwIfAborted();
    const cut = isCut(pixels) || seconds < last;
    last = seconds;
    if (cut) tracks.reset();
    const found = await detector.detect(pixels, { signal });
    const faces = chooseFaces(tracks.follow(found, seconds), options.only);
    const photo = await restorePhoto(model, undefined, pixels, { ...options, only: "all", faces });
    const regions = await photo.regions({ ...render(), signal });
    photo.dispose();
    return { seconds, pixels, regions, faces, cut, ms: performance.now() - start };
  };
  const stream = latest(work);
  return {
    push: (frame, seconds) => stream.push([frame, seconds]),
    dispose() {
      stream.clear();
      tracks.reset();
    },
  };
}

/** What the frame itself says, else the clock: microseconds in a VideoFrame. */
function secondsOf(frame: PhotoInput): number {
  if ("timestamp" in frame) return frame.timestamp / 1e6;
  return "currentTime" in frame ? frame.currentTime : performance.now() / 1000;
}
