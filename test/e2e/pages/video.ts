import { loadGpen, openGpu } from "../../../src/index";
import {
  type FaceDetector,
  loadFaceDetector,
  type RestoredFrame,
  restoreVideo,
  videoFaces,
} from "../../../src/photo/index";

/** What tests want to know of a frame; the pixels would be large. */
export interface FrameSeen {
  readonly seconds: number;
  readonly faces: number;
  readonly leftEye: number | undefined;
  /** Pixels of the canvas that are not the frame's: within the faces' regions, and outside. */
  readonly changedInside: number;
  readonly changedOutside: number;
}

export interface VideoRun {
  readonly frames: readonly FrameSeen[];
  readonly restored: number;
  readonly dropped: number;
  readonly ended: boolean;
}

const canvas = document.querySelector("canvas")!;
const video = document.querySelector("video")!;

/** A face that moves to the right for `seconds`, as a recorded file. */
async function recording(seconds: number): Promise<Blob> {
  const face = await staged.picture();
  const drawing = Object.assign(document.createElement("canvas"), { width: 240, height: 160 });
  const context = drawing.getContext("2d")!;
  const start = performance.now();
  const draw = () => {
    context.fillStyle = "#557788";
    context.fillRect(0, 0, drawing.width, drawing.height);
    context.drawImage(
      face,
      10 + (60 * (performance.now() - start)) / (1000 * seconds),
      16,
      128,
      128,
    );
  };
  const timer = setInterval(draw, 40);
  const recorder = new MediaRecorder(drawing.captureStream(25), { mimeType: "video/webm" });
  const pieces: Blob[] = [];
  recorder.ondataavailable = ({ data }) => pieces.push(data);
  recorder.start();
  await new Promise((done) => setTimeout(done, 1000 * seconds));
  const stopped = new Promise((done) => {
    recorder.onstop = done;
  });
  recorder.stop();
  await stopped;
  clearInterval(timer);
  return new Blob(pieces, { type: "video/webm" });
}

/** The face lies in the middle of every frame, a detector says that costs nothing. */
const inTheMiddle: FaceDetector = {
  async detect({ width, height }) {
    const side = height / 2;
    const [x, y] = [(width - side) / 2, height / 4];
    const at = (dx: number, dy: number) => ({ x: x + dx * side, y: y + dy * side });
    const points = {
      leftEye: at(0.3, 0.4),
      rightEye: at(0.7, 0.4),
      nose: at(0.5, 0.6),
      mouthLeft: at(0.35, 0.8),
      mouthRight: at(0.65, 0.8),
    };
    return [{ box: { x, y, width: side, height: side }, points, score: 1 }];
  },
  dispose() {},
};

function seen({ seconds, faces, pixels, regions }: RestoredFrame): FrameSeen {
  const shown = canvas.getContext("2d")!.getImageData(0, 0, pixels.width, pixels.height).data;
  const count = { changedInside: 0, changedOutside: 0 };
  for (let i = 0; i < pixels.width * pixels.height; i++) {
    if ([0, 1, 2].every((channel) => shown[4 * i + channel] === pixels.data[4 * i + channel]))
      continue;
    const [x, y] = [i % pixels.width, Math.floor(i / pixels.width)];
    const inside = regions.some(
      (part) =>
        x >= part.x &&
        x < part.x + part.pixels.width &&
        y >= part.y &&
        y < part.y + part.pixels.height,
    );
    count[inside ? "changedInside" : "changedOutside"]++;
  }
  return { seconds, faces: faces.length, leftEye: faces[0]?.points.leftEye.x, ...count };
}

/** Restores until the video ends, or `most` frames are done; `rate` slows the video down. */
async function run(
  detector: FaceDetector | undefined,
  most: number,
  rate: number,
): Promise<VideoRun> {
  const gpu = await openGpu();
  const model = await loadGpen(gpu, await staged.smallModel());
  const finder = detector ?? (await loadFaceDetector(gpu, undefined, { minSize: 40 }));
  // Shaders are compiled at the first frame, for seconds in SwiftShader: not while the video plays.
  await videoFaces(model, finder).push(await staged.picture());
  const stop = new AbortController();
  const frames: FrameSeen[] = [];
  const counted = restoreVideo(model, finder, video, canvas, {
    signal: stop.signal,
    onFrame(frame) {
      frames.push(seen(frame));
      if (frames.length === most) stop.abort();
    },
  });
  await video.play();
  video.playbackRate = rate;
  const counts = await counted;
  const { ended } = video;
  finder.dispose();
  model.dispose();
  gpu.dispose();
  return { frames, ended, ...counts };
}

async function fileRun(seconds: number): Promise<VideoRun> {
  video.src = URL.createObjectURL(await recording(seconds));
  return run(undefined, Number.POSITIVE_INFINITY, 0.25);
}

async function cameraRun(most: number): Promise<VideoRun> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { width: 160, height: 120 } });
  video.srcObject = stream;
  const done = await run(inTheMiddle, most, 1);
  for (const track of stream.getTracks()) track.stop();
  return done;
}

const videos = { fileRun, cameraRun };
Object.assign(window, { filmed: videos });

declare global {
  var filmed: typeof videos;
}
