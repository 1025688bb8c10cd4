import { ShapeError } from "../errors";
import type { Gpen } from "../restore/load";
import type { FaceDetector } from "./face";
import { type RestoredFrame, type VideoFacesOptions, videoFaces } from "./video_faces";

/** As for videoFaces(), and who is told of each frame. */
export interface RestoreVideoOptions extends VideoFacesOptions {
  /** Called when a frame has been drawn. */
  readonly onFrame?: (frame: RestoredFrame, counts: VideoCounts) => void;
}

/** What became of the frames so far. */
export interface VideoCounts {
  readonly restored: number;
  /** Frames that the video showed meanwhile; 0 where the browser does not count them. */
  readonly dropped: number;
}

/**
 * Draws a playing video, of a file or a camera, with its faces restored, until it ends or the signal
 * stops it. Frames that come while one is in work are left out; a paused video is waited for.
 *
 * Shapes    the canvas takes the size of the frames
 * Errors    ShapeError if the canvas has no 2d context, or the video cannot be played on; as
 *           restorePhoto. The signal ends it without an error: that is how a camera is stopped
 */
export async function restoreVideo(
  model: Gpen,
  detector: FaceDetector,
  video: HTMLVideoElement,
  canvas: HTMLCanvasElement | OffscreenCanvas,
  options: RestoreVideoOptions = {},
): Promise<VideoCounts> {
  const { signal, onFrame } = options;
  const context = (canvas as HTMLCanvasElement).getContext("2d");
  if (!context) {
    throw new ShapeError(
      "restoreVideo: the canvas gives no 2d context; pass one that has no other context",
    );
  }
  const faces = videoFaces(model, detector, options);
  const counts = { restored: 0, dropped: 0 };
  let shown: Shown | undefined;
  try {
    for (;;) {
      const next = await nextShown(video, shown, signal);
      if (!next) return counts;
      const frame = await faces.push(video, next.seconds);
      if (!frame) continue;
      drawFrame(context, frame);
      counts.restored++;
      counts.dropped += shown ? Math.max(0, next.count - shown.count - 1) : 0;
      shown = next;
      onFrame?.(frame, { ...counts });
    }
  } catch (error) {
    if (signal?.aborted && error === signal.reason) return counts;
    throw error;
  } finally {
    faces.dispose();
  }
}

/** Draws a frame with its restored faces; the canvas takes the frame's size. */
export function drawFrame(
  context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D,
  { pixels, regions }: RestoredFrame,
): void {
  const { canvas } = context;
  const { width, height } = pixels;
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const parts = [{ x: 0, y: 0, pixels }, ...regions];
  for (const part of parts) {
    const { buffer, byteOffset, length } = part.pixels.data as Uint8Array<ArrayBuffer>;
    const data = new Uint8ClampedArray(buffer, byteOffset, length); // frames may be any bytes
    context.putImageData(new ImageData(data, part.pixels.width), part.x, part.y);
  }
}

/** A frame that the video shows, and how many it has shown. */
interface Shown {
  readonly seconds: number;
  readonly count: number;
}

/** The next frame that the video shows, or undefined if it has ended or the signal is aborted. */
function nextShown(
  video: HTMLVideoElement,
  last: Shown | undefined,
  signal: AbortSignal | undefined,
): Promise<Shown | undefined> {
  if (signal?.aborted || video.ended) return Promise.resolve(undefined);
  const over = new AbortController();
  return new Promise<Shown | undefined>((done, fail) => {
    const stop = () => done(undefined);
    const broken = () => fail(brokenBy(video.error));
    if (video.error) return broken();
    video.addEventListener("error", broken, { signal: over.signal });
    signal?.addEventListener("abort", stop, { signal: over.signal });
    video.addEventListener("ended", stop, { signal: over.signal });
    onShown(video, last, over.signal, done);
  }).finally(() => over.abort());
}

function brokenBy(error: MediaError | null): ShapeError {
  return new ShapeError(
    `restoreVideo: the browser cannot play it on (${error?.message || `media error ${error?.code}`}); check the file, and that the browser plays it by itself`,
  );
}

function onShown(
  video: HTMLVideoElement,
  last: Shown | undefined,
  over: AbortSignal,
  done: (shown: Shown) => void,
): void {
  if ("requestVideoFrameCallback" in video) {
    const request = video.requestVideoFrameCallback((_, { mediaTime, presentedFrames }) =>
      done({ seconds: mediaTime, count: presentedFrames }),
    );
    over.addEventListener("abort", () => video.cancelVideoFrameCallback(request));
    return;
  }
  // Browsers before 2024 do not say when a frame is shown: its time has moved then.
  const seconds = (video as HTMLVideoElement).currentTime;
  if (seconds !== last?.seconds && (video as HTMLVideoElement).readyState >= 2) {
    done({ seconds, count: 0 });
  } else {
    requestAnimationFrame(() => over.aborted || onShown(video, last, over, done));
  }
}
