import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type FaceDetectorOptions, loadFaceDetector } from "../../src/faces/load_face_detector";
import { tilesOf } from "../../src/faces/tiles";
import { openGpu } from "../../src/gpu/open";
import { openDriver } from "../../src/node/driver";
import { readImage } from "../../src/node/image";
import type { Face } from "../../src/photo/face";
import { templatePoints } from "../../src/photo/templates";
import { apply } from "../../src/photo/transform";
import { uniform } from "../../src/random";
import type { Picture, Pixels } from "../../src/restore/pixels";
import { openTestGpu } from "../gpu";
import { ASTRONAUT } from "../photo/astronaut";
import { background, put, toPhoto } from "./compose";
import { FACE_WEIGHTS } from "./weights";

const PHOTO = "examples/clean/photo.jpg";
/** Where the photo's eyes are: it was aligned by them. */
const EYES = templatePoints("ffhq", 128)
  .slice(0, 2)
  .map((point) => apply(ASTRONAUT, point));

async function detector(options: FaceDetectorOptions = {}) {
  return loadFaceDetector(await openTestGpu(), readFileSync(FACE_WEIGHTS), options);
}

/** The larger distance of an eye from where it is, in distances of the eyes. */
function eyeError({ points: { leftEye, rightEye } }: Face, [left, right]: typeof EYES): number {
  const off = (a: typeof left, b: typeof left) => Math.hypot(a.x - b.x, a.y - b.y);
  return Math.max(off(leftEye, left), off(rightEye, right)) / off(left, right);
}

function part({ data, width }: Pixels, x: number, y: number, w: number, h: number): Picture {
  const cut = new Uint8ClampedArray(4 * w * h);
  for (let row = 0; row < h; row++) {
    const at = 4 * ((y + row) * width + x);
    cut.set(data.subarray(at, at + 4 * w), 4 * row * w);
  }
  return { data: cut, width: w, height: h };
}

/** The photo 20 px from the left and 60 from the top of a tall picture of one grey. */
function inMargin(photo: Pixels, level: number): Picture {
  const [width, height] = [photo.width + 40, 2 * photo.height + 48];
  const data = new Uint8ClampedArray(4 * width * height).fill(level);
  for (let y = 0; y < photo.height; y++) {
    const row = photo.data.subarray(4 * photo.width * y, 4 * photo.width * (y + 1));
    data.set(row, 4 * ((y + 60) * width + 20));
  }
  return { data, width, height };
}

test("the astronaut: one face, its eyes where they are, every point on its own side", async () => {
  const photo = await readImage(PHOTO);
  const progress: [number, number][] = [];
  const faces = await (await detector()).detect(photo, {
    onProgress: (...call) => progress.push(call),
  });
  // 512 px at minSize 32 are 288, 144 and 72 px: a tile each, and then the faces
  const units = tilesOf(512, 512, 32, 384).length + 1;
  expect(units).toBe(4);
  expect(progress[0]).toEqual([0, units]);
  expect(progress.at(-1)).toEqual([units, units]);
  expect(progress.length).toBeGreaterThan(3);
  expect(
    progress.every(([done, of], i) => of === units && done >= (progress[i - 1]?.[0] ?? 0)),
  ).toBe(true);
  expect(faces.length).toBe(1);
  const [face] = faces;
  const { leftEye, rightEye, nose, mouthLeft, mouthRight } = face.points;
  expect(eyeError(face, EYES)).toBeLessThan(0.1);
  expect(face.score).toBeGreaterThan(0.8);
  expect(leftEye.x < nose.x && nose.x < rightEye.x).toBe(true);
  expect(mouthLeft.x < nose.x && nose.x < mouthRight.x).toBe(true);
  expect(mouthLeft.y > nose.y && nose.y > leftEye.y).toBe(true);
  const { x, y, width, height } = face.box;
  for (const point of Object.values(face.points)) {
    expect(point.x > x && point.x < x + width && point.y > y && point.y < y + height).toBe(true);
  }
});

test("no face: patches of colour, noise, and the photo without its face give an empty list", async () => {
  const found = await detector();
  const random = uniform(3);
  const noise = Uint8ClampedArray.from({ length: 4 * 256 * 256 }, () => 256 * random());
  const suit = part(await readImage(PHOTO), 0, 200, 512, 312);
  for (const photo of [background(400, 300), { data: noise, width: 256, height: 256 }, suit])
    expect(await found.detect(photo)).toEqual([]);
  expect(await found.detect(part(suit, 0, 0, 1, 1))).toEqual([]);
});

test("a suit with patches in a wide margin is no face, at a lower score than the default either", async () => {
  const found = await detector({ minScore: 0.5 });
  const photo = await readImage("examples/photo.jpg");
  for (const level of [0, 90, 128]) {
    const { data, width, height } = inMargin(photo, level);
    const faces = await found.detect({ data, width, height });
    expect(
      faces.map(({ box }) => Math.round(box.width)),
      `margin of ${level}`,
    ).toHaveLength(1);
    const eyes = EYES.map(({ x, y }) => ({ x: x + 20, y: y + 60 }));
    expect(eyeError(faces[0], eyes)).toBeLessThan(0.12);
  }
});

test("turned the same face is found, and its points turn along", async () => {
  const found = await detector({ minSize: 64 });
  const photo = await readImage(PHOTO);
  for (const turn of [-30, 30, 60]) {
    const place = { x: 256, y: 256, scale: 1, turn };
    const turned = background(512, 512);
    await put(turned, photo, place);
    const faces = await found.detect(turned);
    expect(faces.length, `${turn} degrees`).toBe(1);
    const [a, b, c, d, e, f] = toPhoto(photo, place);
    const eyes = EYES.map(({ x, y }) => ({ x: a * x + b * y + c, y: d * x + e * y + f }));
    expect(eyeError(faces[0], eyes), `${turn} degrees`).toBeLessThan(0.12);
  }
});

test("a face that the border cuts is found while both eyes are seen, and fills the photo where it does", async () => {
  const found = await detector({ minSize: 48 });
  const photo = await readImage(PHOTO);
  // the face is 172 to 275 across, its eyes at 204 and 245
  const cut = part(photo, 185, 40, 327, 300);
  const [face] = await found.detect(cut);
  expect(
    eyeError(
      face,
      EYES.map(({ x, y }) => ({ x: x - 185, y: y - 40 })),
    ),
  ).toBeLessThan(0.12);
  const close = await found.detect(part(photo, 168, 66, 112, 112));
  expect(close.length).toBe(1);
});

test("largest first, no more than maxFaces; none below minSize or minScore", async () => {
  const photo = await readImage(PHOTO);
  const two = background(512, 256);
  const face = part(photo, 96, 0, 256, 256);
  await put(two, face, { x: 120, y: 128, scale: 0.6 });
  await put(two, face, { x: 380, y: 128, scale: 0.9 });
  const faces = await (await detector()).detect(two);
  expect(faces.length).toBe(2);
  expect(faces[0].box.width).toBeGreaterThan(faces[1].box.width);
  expect(faces[0].box.x).toBeGreaterThan(256);
  expect((await (await detector({ maxFaces: 1 })).detect(two)).length).toBe(1);
  expect((await (await detector({ minSize: 75 })).detect(two)).length).toBe(1);
  expect(await (await detector({ minScore: 0.99 })).detect(two)).toEqual([]);
});

test("aborted it throws the signal's reason, and works the next time", async () => {
  const found = await detector({ minSize: 64 });
  const photo = await readImage(PHOTO);
  const abort = new AbortController();
  const running = found.detect(photo, { signal: abort.signal });
  setTimeout(() => abort.abort(new Error("enough")), 1);
  await expect(running).rejects.toThrow("enough");
  expect((await found.detect(photo)).length).toBe(1);
});

test("after the device is lost, faces are found on another one", async () => {
  await openTestGpu(); // skips where there is no adapter
  const { instance } = await openDriver("auto");
  const gpu = await openGpu({ adapter: async () => (await instance.requestAdapter())! });
  const found = await loadFaceDetector(gpu, readFileSync(FACE_WEIGHTS), { minSize: 64 });
  const photo = await readImage(PHOTO);
  expect((await found.detect(photo)).length).toBe(1);
  const running = found.detect(photo);
  gpu.device.destroy();
  expect((await running).length).toBe(1);
  found.dispose();
  await expect(found.detect(photo)).rejects.toThrow(
    /^faces: the detector was disposed of; load it again$/,
  );
  gpu.dispose();
});

test("options out of range and files of something else are refused in one sentence", async () => {
  const gpu = await openTestGpu();
  const load = (options: FaceDetectorOptions) =>
    loadFaceDetector(gpu, readFileSync(FACE_WEIGHTS), options);
  await expect(load({ minScore: 1 })).rejects.toThrow("faces: minScore 1 must lie between 0 and 1");
  await expect(load({ minSize: 0 })).rejects.toThrow("faces: minSize 0 must be 4 pixels or more");
  await expect(load({ maxFaces: 0 })).rejects.toThrow("faces: maxFaces 0 must be 1 or more");
  await expect(
    loadFaceDetector(gpu, readFileSync("models/gpen-tiny-128.safetensors")),
  ).rejects.toThrow('faces: the file has no "blaze_face.first.bias"; pass the face_detector');
});
