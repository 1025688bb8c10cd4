import { afterEach, expect, test, vi } from "vitest";
import type { FaceDetector } from "../../src/photo/face";
import { drawFrame, restoreVideo } from "../../src/photo/video";
import type { Gpen } from "../../src/restore/load";

afterEach(() => vi.unstubAllGlobals());

/** A video that shows no frame; it may break. */
class StillVideo extends EventTarget {
  ended = false;
  error: Partial<MediaError> | null = null;
  cancelled = 0;
  requestVideoFrameCallback() {
    return 1;
  }
  cancelVideoFrameCallback() {
    this.cancelled++;
  }
  break(error: Partial<MediaError>) {
    this.error = error;
    this.dispatchEvent(new Event("error"));
  }
}

const canvas = { getContext: () => ({}) } as unknown as HTMLCanvasElement;
const play = (video: StillVideo, signal?: AbortSignal) =>
  restoreVideo({} as Gpen, {} as FaceDetector, video as never, canvas, { signal });

test("a video that breaks while it plays, or has before, is an error in one sentence", async () => {
  const video = new StillVideo();
  const playing = play(video);
  video.break({ code: 3, message: "PIPELINE_ERROR_DECODE" });
  await expect(playing).rejects.toThrow(
    /^restoreVideo: the browser cannot play it on \(PIPELINE_ERROR_DECODE\); check the file[^\n]+$/,
  );
  expect(video.cancelled).toBe(1);
  video.error = { code: 4, message: "" };
  await expect(play(video)).rejects.toThrow("cannot play it on (media error 4);");
});

test("a video that ends, or is stopped, ends without an error", async () => {
  const video = new StillVideo();
  const playing = play(video);
  video.dispatchEvent(new Event("ended"));
  expect(await playing).toEqual({ restored: 0, dropped: 0 });
  const control = new AbortController();
  const stopped = play(video, control.signal);
  control.abort();
  expect(await stopped).toEqual({ restored: 0, dropped: 0 });
});

test("a frame of plain bytes is drawn as one of an ImageData", () => {
  // as the platform's: it takes no other array
  class FakeImageData {
    constructor(readonly data: unknown) {
      if (!(data instanceof Uint8ClampedArray)) throw new TypeError("no Uint8ClampedArray");
    }
  }
  vi.stubGlobal("ImageData", FakeImageData);
  const drawn: unknown[] = [];
  const context = {
    canvas: { width: 0, height: 0 },
    putImageData: ({ data }: FakeImageData, x: number, y: number) => drawn.push([data, x, y]),
  };
  const bytes = Uint8Array.from({ length: 20 }, (_, i) => i);
  const pixels = { data: bytes.subarray(4), width: 2, height: 2 };
  drawFrame(context as never, { pixels, regions: [] } as never);
  expect(drawn).toEqual([[Uint8ClampedArray.from(pixels.data), 0, 0]]);
  expect(context.canvas).toEqual({ width: 2, height: 2 });
});
